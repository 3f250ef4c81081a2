import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();

const { importSource } = await import('../build/import-source.mjs');
const { runCrash } = await importSource(repositoryRoot, 'tools/src/crash/main.ts');
if (typeof runCrash !== 'function') throw new Error('tools/src/crash/main.ts offers no runCrash');
const code = /** @type {unknown} */ (
  await Reflect.apply(runCrash, null, [
    process.argv.slice(2),
    repositoryRoot,
    {
      out: (/** @type {string} */ text) => void process.stdout.write(text),
      note: (/** @type {string} */ text) => void process.stderr.write(text),
    },
  ])
);
process.exitCode = Number(code);
