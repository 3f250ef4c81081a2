import { createRequire } from 'node:module';
import { findExecutable } from '../process/find-executable.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { checkServerBinary } from './path-source.mjs';
import { startRedisServer } from './server-process.mjs';

const COMPILE_MS = 420_000;
const PRINT_PATH = `require(process.argv[1]).default.getPath().then(
  (path) => process.stdout.write(path),
  (error) => { process.stderr.write(String(error.message)); process.exit(1); },
);`;

/**
 * The optional redis-memory-server package: downloads Redis's sources and compiles them into node_modules/.cache.
 * Its own download at install time is switched off in package.json; it happens here, last, in the open.
 *
 * @type {import('./sources.mjs').RedisSource}
 */
export const memoryServerSource = {
  name: 'redis-memory-server (downloads and compiles Redis)',
  effect: 'installs',
  async probe({ env, mayInstall, dataDir, say }) {
    if (!mayInstall) return { status: 'absent', reason: '--no-install forbids it' };
    const binaryModule = findBinaryModule();
    if (!binaryModule) return { status: 'absent', reason: 'the optional package is not installed' };
    if (!findExecutable(['make'], env) || !findExecutable(['cc', 'gcc', 'clang'], env)) {
      return { status: 'absent', reason: 'it needs make and a C compiler' };
    }
    say(
      'Redis: none found; downloading and compiling it with redis-memory-server, which takes minutes once.',
    );
    const run = await runBounded(process.execPath, ['-e', PRINT_PATH, binaryModule], {
      timeoutMs: COMPILE_MS,
      env,
    });
    if (!run.ok) return { status: 'absent', reason: run.reason };
    const binary = run.stdout.trim();
    const checked = await checkServerBinary(binary, env);
    if (!checked.ok) return { status: 'absent', reason: checked.reason };
    return {
      status: 'found',
      kind: 'memory-server',
      description: `redis-server ${checked.version} from redis-memory-server`,
      why: 'nothing else was available',
      serverBinary: binary,
      start: () => startRedisServer({ binary, dataDir }),
    };
  },
};

function findBinaryModule() {
  try {
    return createRequire(import.meta.url).resolve('redis-memory-server/lib/util/RedisBinary.js');
  } catch {
    return null;
  }
}
