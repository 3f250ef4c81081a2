import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();

const HELP = `Usage: npm run screenshots -- [--no-install]

Starts the stack with made-up people, opens the desk in Chromium and writes the pictures of the documentation to
docs/screenshots/.
`;

const { values } = parseArgs({
  options: { 'no-install': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const { resolveChromium, ChromiumUnavailableError } = await import('../chromium/resolve-chromium.mjs');
const { resolveRedis, RedisUnavailableError } = await import('../redis/resolve-redis.mjs');
const { importSource } = await import('../build/import-source.mjs');

try {
  const noInstall = values['no-install'];
  const chromium = await resolveChromium({ noInstall });
  const redis = await resolveRedis({ purpose: 'test', noInstall });
  await redis.stop();
  process.env['CHROMIUM_PATH'] = chromium.path;
  if (redis.serverBinary !== null) process.env['CAIO_REDIS_SERVER'] = redis.serverBinary;
  const source = 'tools/src/browser-proofs/testing/screenshots.ts';
  const { takeScreenshots } = await importSource(repositoryRoot, source);
  if (typeof takeScreenshots !== 'function') throw new Error(`${source} offers no takeScreenshots`);
  await Reflect.apply(takeScreenshots, null, [
    repositoryRoot,
    join(repositoryRoot, 'docs', 'screenshots'),
    (/** @type {string} */ line) => void process.stdout.write(`${line}\n`),
  ]);
} catch (error) {
  if (!(error instanceof ChromiumUnavailableError) && !(error instanceof RedisUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
