import { parseArgs } from 'node:util';
import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();

const HELP = `Usage: npm run build -- [--only <name>]... [--force]

Bundles the services and programs into dist/<name>/main.cjs; what is up to date is left alone.
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

const targets = findTargets(repositoryRoot);
const names = values.only ?? targets.map(({ name }) => name);
const unknown = names.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0) {
  const known = targets.map(({ name }) => name).join(', ') || 'nothing yet';
  process.stderr.write(`There is no ${unknown.join(', ')} to build. There is: ${known}.\n`);
  process.exit(1);
}

let failed = 0;
for (const target of targets.filter(({ name }) => names.includes(name))) {
  const started = performance.now();
  try {
    const { outcome } = await bundleTarget({
      root: repositoryRoot,
      target,
      mode: values.force ? 'always' : 'when-stale',
    });
    const took = outcome === 'built' ? ` in ${Math.round(performance.now() - started)} ms` : '';
    process.stdout.write(`${target.name}: ${outcome}${took}\n`);
  } catch {
    // The bundler has printed where and why.
    process.stderr.write(`${target.name}: could not be bundled\n`);
    failed += 1;
  }
}
process.exitCode = failed === 0 ? 0 : 1;
