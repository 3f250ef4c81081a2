import { parseArgs } from 'node:util';
import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();

const HELP = `Usage: npm run build -- [--only <name>]... [--force]

Bundles the services and programs into dist/<name>/main.cjs and the desk into dist/gateway/desk/; what is up to
date is left alone.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    force: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const { findTargets } = await import('../build/targets.mjs');
const { bundleTarget } = await import('../build/bundle.mjs');
const { buildDashboard, kilobytes } = await import('../build/dashboard.mjs');

const DESK = 'dashboard';
const targets = findTargets(repositoryRoot);
const buildable = [...targets.map(({ name }) => name), DESK];
const names = values.only ?? buildable;
const unknown = names.filter((name) => !buildable.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')} to build. There is: ${buildable.join(', ')}.\n`);
  process.exit(1);
}

const mode = values.force ? 'always' : 'when-stale';
let failed = 0;
for (const target of targets.filter(({ name }) => names.includes(name))) {
  const started = performance.now();
  try {
    const { outcome } = await bundleTarget({
      root: repositoryRoot,
      target,
      mode,
    });
    const took = outcome === 'built' ? ` in ${Math.round(performance.now() - started)} ms` : '';
    process.stdout.write(`${target.name}: ${outcome}${took}\n`);
  } catch {
    // The bundler has printed where and why.
    process.stderr.write(`${target.name}: could not be bundled\n`);
    failed += 1;
  }
}
if (names.includes(DESK)) {
  const started = performance.now();
  try {
    const { outcome, firstLoadBytes } = await buildDashboard({ root: repositoryRoot, mode });
    const took =
      outcome === 'built'
        ? ` in ${Math.round(performance.now() - started)} ms, first load ${kilobytes(firstLoadBytes)} compressed`
        : '';
    process.stdout.write(`${DESK}: ${outcome}${took}\n`);
  } catch (error) {
    process.stderr.write(`${DESK}: ${error instanceof Error ? error.message : 'could not be bundled'}\n`);
    failed += 1;
  }
}
process.exitCode = failed === 0 ? 0 : 1;
