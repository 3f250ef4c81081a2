import { requireNode } from '../process/require-node.mjs';

requireNode();
const { runTests } = await import('../check/run-tests.mjs');
const args = process.argv.slice(2);
const { exitCode } = await runTests({
  noInstall: args.includes('--no-install'),
  jestArgs: args.filter((arg) => arg !== '--no-install'),
});
process.exitCode = exitCode;
