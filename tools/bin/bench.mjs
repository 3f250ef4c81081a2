import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();

const { importSource } = await import('../build/import-source.mjs');
const { runBench } = await importSource(repositoryRoot, 'tools/src/bench/main.ts');
if (typeof runBench !== 'function') throw new Error('tools/src/bench/main.ts offers no runBench');
const code = /** @type {unknown} */ (
  await Reflect.apply(runBench, null, [
    process.argv.slice(2),
    repositoryRoot,
    {
      out: (/** @type {string} */ text) => void process.stdout.write(text),
      note: (/** @type {string} */ text) => void process.stderr.write(text),
    },
  ])
);
process.exitCode = Number(code);
