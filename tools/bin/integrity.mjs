import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();

const { importSource } = await import('../build/import-source.mjs');
const { resolveRedis, RedisUnavailableError } = await import('../redis/resolve-redis.mjs');

/** @param {string} entry @param {string} name @param {import('../build/import-source.mjs').Plant} [planted] */
const offer = async (entry, name, planted) => {
  const offered = (await importSource(repositoryRoot, entry, planted))[name];
  if (typeof offered !== 'function') throw new Error(`${entry} offers no ${name}`);
  return (/** @type {unknown[]} */ ...args) => /** @type {unknown} */ (Reflect.apply(offered, null, args));
};

/** @returns {Promise<number>} */
const run = async () => {
  const redis = await resolveRedis({ purpose: 'test', noInstall: process.argv.includes('--no-install') });
  if (redis.serverBinary !== null) process.env['CAIO_REDIS_SERVER'] = redis.serverBinary;
  try {
    const runIntegrity = await offer('tools/src/integrity/main.ts', 'runIntegrity');
    const approvals = 'apps/gatekeeper/src/testing/integrity/main.ts';
    const lifeCycle = 'libs/state-store/src/testing/reference-model/main.ts';
    const parts = {
      checkApprovals: await offer(approvals, 'checkApprovals'),
      checkLifeCycle: async (
        /** @type {{ planted?: import('../build/import-source.mjs').Plant }} */ options,
      ) => (await offer(lifeCycle, 'checkLifeCycle', options.planted))(options),
    };
    const code = await runIntegrity(
      process.argv.slice(2).filter((arg) => arg !== '--no-install'),
      repositoryRoot,
      parts,
      {
        out: (/** @type {string} */ text) => void process.stdout.write(text),
        note: (/** @type {string} */ text) => void process.stderr.write(text),
      },
    );
    return Number(code);
  } finally {
    await redis.stop();
  }
};

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof RedisUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
