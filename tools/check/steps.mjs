import { join } from 'node:path';
import { updateDocuments } from '../docs/documents.mjs';
import { checkDeployment } from './deployment/check-deployment.mjs';
import { lint } from './lint.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { startBundles } from './start-bundles.mjs';
import { plantViolations } from './plant-violations.mjs';
import { findLockProblems } from './lock-file.mjs';
import { sourceGlobs } from './source-globs.mjs';
import { runTests } from './run-tests.mjs';

/** @typedef {{ root: string, noInstall: boolean }} CheckContext */
/** @typedef {{ ok: boolean, detail: string, output?: string }} StepOutcome  `detail` is one line; `output` is shown on failure */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {(context: CheckContext) => Promise<StepOutcome>} run
 */

const TOOL_MS = 600_000;

/** Everything `npm run check` proves, the quick and telling ones first. @type {readonly Step[]} */
export const steps = [
  tool('format', 'prettier/bin/prettier.cjs', ['--check', '.'], 'npm run format'),
  { name: 'lock', run: checkLockFile },
  { name: 'lint', run: checkLint },
  tool(
    'circular',
    'dpdm/lib/bin/dpdm.js',
    [
      ...['--no-warning', '--no-tree', '--no-progress', '--transform', '--exit-code', 'circular:1'],
      ...sourceGlobs,
    ],
    'move what both files need into a third',
  ),
  tool('unused', 'knip/bin/knip.js', [], 'delete it, or use it'),
  tool('references', 'nx/dist/bin/nx.js', ['sync:check'], 'npx nx sync'),
  tool('typecheck', 'typescript/bin/tsc', ['--build'], ''),
  { name: 'docs', run: checkDocuments },
  { name: 'deploy', run: checkDeployment },
  { name: 'tests', run: checkTests },
  { name: 'bundles', run: startBundles },
  { name: 'boundaries', run: plantViolations },
];

/**
 * A step that is one program of node_modules with an exit code.
 *
 * @param {string} name
 * @param {string} program  path inside node_modules
 * @param {readonly string[]} args
 * @param {string} fix      what to type when it is red
 * @returns {Step}
 */
function tool(name, program, args, fix) {
  return {
    name,
    run: async ({ root }) => {
      const { ok, stdout, stderr, reason } = await runBounded(
        process.execPath,
        [join(root, 'node_modules', program), ...args],
        { timeoutMs: TOOL_MS, cwd: root, env: { ...process.env, NX_DAEMON: 'false', NO_COLOR: '1' } },
      );
      return { ok, detail: ok ? '' : fix || reason, output: `${stdout}${stderr}` };
    },
  };
}

/** @param {CheckContext} context @returns {Promise<StepOutcome>} */
async function checkLint({ root }) {
  const { ok, stdout, stderr } = await lint(root, ['.']);
  return { ok, detail: ok ? '' : 'each message says what to do instead', output: `${stdout}${stderr}` };
}

/** @param {CheckContext} context @returns {Promise<StepOutcome>} */
async function checkLockFile({ root }) {
  const problems = findLockProblems(root);
  const detail = problems.length === 0 ? '' : `${problems.length} problems`;
  return { ok: problems.length === 0, detail, output: problems.join('\n') };
}

/** @param {CheckContext} context @returns {Promise<StepOutcome>} */
async function checkDocuments({ root }) {
  const outdated = await updateDocuments({ root, mode: 'compare' });
  return outdated.length === 0
    ? { ok: true, detail: '' }
    : { ok: false, detail: `out of date: ${outdated.join(', ')}; type npm run docs` };
}

/** @param {CheckContext} context @returns {Promise<StepOutcome>} */
async function checkTests({ noInstall }) {
  const { exitCode, passed, failed } = await runTests({
    noInstall,
    jestArgs: [],
    print: (text) => void process.stderr.write(text),
  });
  return { ok: exitCode === 0, detail: `${passed} passed, ${failed} failed` };
}
