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
 * Debian's package, redis-memory-server. A server started here listens on 127.0.0.1 and ends with this process.
 *
 * @param {object} options
 * @param {'start' | 'test' | 'check'} options.purpose
 * @param {boolean} [options.noInstall]     install, download and compile nothing
 * @param {string} [options.dataDir]        where its data stays; without it in a temporary folder
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
  dataDir,
  isRoot = process.getuid?.() === 0,
  env = process.env,
  say = (line) => void process.stderr.write(`${line}\n`),
  sources = redisSources,
}) {
  const context = {
    env,
    mayInstall: !noInstall,
    isRoot,
    dataDir,
    say,
  };
  const { found, misses } = await takeFirst(sources, context);
  if (!found) throw new RedisUnavailableError(noneFound(misses, env));
  say(`Redis: ${found.probed.description} (${found.probed.why})`);
  const { kind, description } = found.probed;
  const serverBinary =
    found.probed.serverBinary ?? (await findServerBinary(sources, { context, purpose, stop: found.stop }));
  return { kind, url: found.url, serverBinary, description, stop: found.stop };
}

/**
 * @param {readonly import('./sources.mjs').RedisSource[]} sources
 * @param {import('./sources.mjs').SourceContext} context
 */
async function takeFirst(sources, context) {
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
      return { found: { probed, ...(await probed.start()) }, misses };
    } catch (error) {
      misses.push(`  ${source.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { found: null, misses };
}

/**
 * @param {readonly string[]} misses
 * @param {NodeJS.ProcessEnv} env
 */
function noneFound(misses, env) {
  const advice = ['Type this, then try again:', `  ${adviseInstall(env)}`];
  return ['Redis: none was found and none could be provided.', ...misses, ...advice].join('\n');
}

/**
 * The Redis at REDIS_URL belongs to somebody, and tests stop, kill and empty theirs: they need a server program as
 * well. Other purposes take one if it is there and install nothing for it.
 *
 * @param {readonly import('./sources.mjs').RedisSource[]} sources
 * @param {{ context: import('./sources.mjs').SourceContext, purpose: string, stop: () => Promise<void> }} options
 * @returns {Promise<string | null>}
 */
async function findServerBinary(sources, { context, purpose, stop }) {
  const env = { ...context.env, REDIS_URL: undefined };
  /** @type {string[]} */
  const misses = [];
  for (const source of sources) {
    if (purpose !== 'test' && source.effect === 'installs') continue;
    const probed = await source.probe({ ...context, env });
    if (probed.status === 'found' && probed.serverBinary) {
      if (purpose === 'test')
        context.say(`Redis: tests start servers of their own from ${probed.description}`);
      return probed.serverBinary;
    }
    if (probed.status !== 'found') misses.push(`  ${source.name}: ${probed.reason}`);
  }
  if (purpose !== 'test') return null;
  await stop();
  throw new RedisUnavailableError(noneFound(misses, env));
}
