import { parseArgs } from 'node:util';
import { requireNode } from '../process/require-node.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

requireNode();

const { steps } = await import('../check/steps.mjs');
const { formatTable, runSteps } = await import('../check/run-check.mjs');

const names = steps.map(({ name }) => name).join(', ');
const HELP = `Usage: npm run check -- [--only <step>]... [--skip <step>]... [--json] [--no-install]

Proves that the tree is sound. Steps: ${names}.
--json prints the result to stdout and everything else to stderr. Exit code 1 when a step failed.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    skip: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    'no-install': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const unknown = [...(values.only ?? []), ...values.skip].filter(
  (name) => !steps.some((step) => step.name === name),
);
if (unknown.length > 0) {
  process.stderr.write(`There is no step ${unknown.join(', ')}. There is: ${names}.\n`);
  process.exit(2);
}

const chosen = steps.filter(
  ({ name }) => (values.only === undefined || values.only.includes(name)) && !values.skip.includes(name),
);
const say = (/** @type {string} */ text) => void process.stderr.write(`${text}\n`);
const reports = await runSteps({
  steps: chosen,
  context: { root: repositoryRoot, noInstall: values['no-install'] },
  say,
});
const ok = reports.length > 0 && reports.every((report) => report.ok);
if (values.json) process.stdout.write(`${JSON.stringify({ ok, steps: reports }, null, 2)}\n`);
else process.stdout.write(`${formatTable(reports)}\n`);
process.exitCode = ok ? 0 : 1;
