import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { followRunner } from '../process/follow-runner.mjs';
import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();
followRunner(process.env);

// The program is bundled from TypeScript, again whenever a source is newer. CAIO_ROOT tells it where the
// repository is, since a bundle does not know where its sources were.
process.env.CAIO_ROOT ??= repositoryRoot;

if (!existsSync(join(repositoryRoot, 'node_modules', 'esbuild'))) {
  process.stderr.write('The packages are not installed. Type: npm ci\n');
  process.exit(1);
}
const { findTargets } = await import('../build/targets.mjs');
const { bundleTarget, releaseBundler } = await import('../build/bundle.mjs');
const target = findTargets(repositoryRoot).find(({ name }) => name === 'caio');
if (!target) {
  process.stderr.write(
    'The source of the command line, tools/src/caio/main.ts, is missing from this tree.\n',
  );
  process.exit(1);
}
const { file, outcome } = await bundleTarget({ root: repositoryRoot, target, mode: 'when-stale' });
if (outcome === 'built') await releaseBundler();
// Not by import, which reads the whole bundle for names to export first: half of what a command took to start.
createRequire(import.meta.url)(file);
