import { join } from 'node:path';
import { adviseInstall } from './install-advice.mjs';
import { redisSources } from './sources.mjs';

/**
 * @typedef {object} ResolvedRedis
 * @property {import('./sources.mjs').Found['kind']} kind
 * @property {string} url                   address of a Redis that answered a moment ago
 * @property {string | null} serverBinary   a program taking redis-server's arguments, for servers of one's own
 * @property {string} description           the choice, without credentials
 * @property {() => Promise<void>} stop     ends what was started here; does nothing to a Redis that was only found
 */

/** No Redis could be had; the message is complete and for a person. */
export class RedisUnavailableError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'RedisUnavailableError';
  }
}

/**
 * Finds or provides a Redis and says which one on stderr. Order: REDIS_URL, a server program on PATH, a container,
 * Debian's package, redis-memory-server. A server started here listens on 127.0.0.1 and ends with this process;
 * for `start` its data stays in .hive-mind/redis, otherwise it lives in a temporary folder.
 *
 * @param {object} options
 * @param {'start' | 'test' | 'check'} options.purpose
 * @param {boolean} [options.noInstall]     install, download and compile nothing
 * @param {string} [options.root]           the folder that holds .hive-mind
 * @param {boolean} [options.isRoot]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(line: string) => void} [options.say]
 * @param {readonly import('./sources.mjs').RedisSource[]} [options.sources]
 * @returns {Promise<ResolvedRedis>}
 * @throws {RedisUnavailableError} with the one line to type
 */
export async function resolveRedis({
  purpose,
  noInstall = false,
  root = process.cwd(),
  isRoot = process.getuid?.() === 0,
  env = process.env,
  say = (line) => void process.stderr.write(`${line}\n`),
  sources = redisSources,
}) {
  const context = {
    env,
    mayInstall: !noInstall,
    isRoot,
    dataDir: purpose === 'start' ? join(root, '.hive-mind', 'redis') : undefined,
    say,
  };
  /** @type {string[]} */
  const misses = [];
  for (const source of sources) {
    const probed = await source.probe(context);
    if (probed.status === 'refused') {
      throw new RedisUnavailableError(`Redis: ${probed.reason}.\n${probed.fix}`);
    }
    if (probed.status === 'absent') {
      misses.push(`  ${source.name}: ${probed.reason}`);
      continue;
    }
    try {
      const { url, stop } = await probed.start();
      say(`Redis: ${probed.description} (${probed.why})`);
      const serverBinary = probed.serverBinary ?? (await findServerBinary(sources, context));
      return { kind: probed.kind, url, serverBinary, description: probed.description, stop };
    } catch (error) {
      misses.push(`  ${source.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new RedisUnavailableError(
    [
      'Redis: none was found and none could be provided.',
      ...misses,
      `Type this, then try again:`,
      `  ${adviseInstall(env)}`,
    ].join('\n'),
  );
}

/**
 * A server program for tests that need servers of their own beside the Redis at REDIS_URL; nothing is installed.
 *
 * @param {readonly import('./sources.mjs').RedisSource[]} sources
 * @param {import('./sources.mjs').SourceContext} context
 * @returns {Promise<string | null>}
 */
async function findServerBinary(sources, context) {
  const env = { ...context.env, REDIS_URL: undefined };
  for (const source of sources.filter(({ effect }) => effect === 'looks')) {
    const probed = await source.probe({ ...context, env });
    if (probed.status === 'found' && probed.serverBinary) return probed.serverBinary;
  }
  return null;
}
