import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { updateDocuments } from '../docs/documents.mjs';
import { runBounded } from '../process/run-bounded.mjs';
import { lint } from './lint.mjs';
import { sourceGlobs } from './source-globs.mjs';
import { copyTree } from './tree-copy.mjs';
import { lintViolations, soundFiles } from './violations.mjs';

/** @typedef {{ file: string, messages: { rule: string, text: string }[] }} LintedFile */
/** @typedef {(root: string) => Promise<string[]>} Planting  returns what went wrong: a line each, none when all is well */

const PROGRAM_MS = 300_000;

/**
 * Plants one violation of every boundary in a copy of this tree and sees whether the check that guards it turns red
 * and says what to do. Nothing is written into this tree.
 *
 * @param {import('./steps.mjs').CheckContext} context
 * @returns {Promise<import('./steps.mjs').StepOutcome>}
 */
export async function plantViolations({ root }) {
  const copy = copyTree(root);
  try {
    /** @type {readonly Planting[]} */
    const plantings = [plantLint, plantCircle, plantUnused, plantNodeInCore, plantFormat, plantOldDocument];
    const misses = [];
    for (const plant of plantings) misses.push(...(await plant(copy.root)));
    const planted = lintViolations.length + plantings.length - 1;
    return misses.length === 0
      ? { ok: true, detail: `${planted} planted violations, all refused` }
      : { ok: false, detail: `${misses.length} boundaries do not bite`, output: misses.join('\n') };
  } finally {
    copy.remove();
  }
}

/** @type {Planting} */
async function plantLint(root) {
  provideDashboard(root);
  for (const { file, source } of lintViolations) write(root, file, source);
  // A file of the tree that happens to have the name of a sound one is left as it is.
  const sound = Object.entries(soundFiles).filter(([file]) => !existsSync(join(root, file)));
  for (const [file, source] of sound) write(root, file, source);
  const files = [...lintViolations.map(({ file }) => file), ...sound.map(([file]) => file)];
  const run = await lint(root, ['--format', 'json', ...files]);
  // The compiler, asked later, would stumble over these before it comes to its own.
  for (const file of files) rmSync(join(root, file));
  const linted = parseLint(run.stdout, root);
  if (linted === null) return [`lint did not answer: ${run.reason} ${run.stderr}`];

  const missed = lintViolations
    .filter(({ file, rule, says }) => {
      const messages = linted.find((one) => one.file === file)?.messages ?? [];
      return !messages.some((message) => message.rule === rule && says.test(message.text));
    })
    .map(({ name, rule, file }) => `${name}: ${rule} does not object, or not helpfully (${file})`);
  const falseAlarms = sound.flatMap(([file]) =>
    (linted.find((one) => one.file === file)?.messages ?? []).map(
      ({ rule, text }) => `${file} is sound, but ${rule} objects: ${text}`,
    ),
  );
  return [...missed, ...falseAlarms];
}

/** @type {Planting} */
async function plantCircle(root) {
  const folder = 'libs/auth/src';
  write(
    root,
    `${folder}/planted-egg.ts`,
    `import { hen } from './planted-hen.ts';\nexport const egg = (): unknown => hen;\n`,
  );
  write(
    root,
    `${folder}/planted-hen.ts`,
    `import { egg } from './planted-egg.ts';\nexport const hen = (): unknown => egg;\n`,
  );
  const run = await runProgram(root, 'dpdm/lib/bin/dpdm.js', [
    ...['--no-warning', '--no-tree', '--no-progress', '--transform', '--exit-code', 'circular:1'],
    ...sourceGlobs,
  ]);
  const named = /planted-egg\.ts[\s\S]*planted-hen\.ts|planted-hen\.ts[\s\S]*planted-egg\.ts/.test(
    run.stdout,
  );
  return !run.ok && named ? [] : ['a circle of two files: not found'];
}

/** @type {Planting} */
async function plantUnused(root) {
  write(root, 'libs/auth/src/planted-idle.ts', `export const idle = 1;\n`);
  const bystander = 'libs/auth/src/digest.ts';
  const lent = existsSync(join(root, bystander));
  if (lent) appendFileSync(join(root, bystander), `\nexport const plantedIdle = 1;\n`);
  const run = await runProgram(root, 'knip/bin/knip.js', []);
  const wanted = ['planted-idle.ts', ...(lent ? ['plantedIdle'] : [])];
  return wanted
    .filter((name) => run.ok || !run.stdout.includes(name))
    .map((name) => `${name}: nothing uses it, and nothing says so`);
}

/** @type {Planting} */
async function plantNodeInCore(root) {
  write(root, 'libs/contracts/src/planted-node.ts', `export const planted = process.argv;\n`);
  const run = await runProgram(root, 'typescript/bin/tsc', ['--build', 'libs/contracts/tsconfig.lib.json']);
  return !run.ok && /planted-node\.ts.*error TS/.test(run.stdout) ? [] : ['Node in contracts: it compiles'];
}

/** @type {Planting} */
async function plantFormat(root) {
  write(root, 'libs/auth/src/planted-format.ts', `export const planted   = "double" ;\n`);
  const run = await runProgram(root, 'prettier/bin/prettier.cjs', [
    '--check',
    'libs/auth/src/planted-format.ts',
  ]);
  return run.ok ? ['an unformatted file: not found'] : [];
}

/** @type {Planting} */
async function plantOldDocument(root) {
  const page = join(root, 'docs/errors.md');
  writeFileSync(page, readFileSync(page, 'utf8').replace('| 429 ', '| 430 '));
  const outdated = await updateDocuments({ root, mode: 'compare' });
  return outdated.includes('docs/errors.md')
    ? []
    : ['a generated page that differs from its source: not found'];
}

/**
 * The rules for the dashboard hold before there is one.
 *
 * @param {string} root
 */
function provideDashboard(root) {
  if (existsSync(join(root, 'apps/dashboard/package.json'))) return;
  const manifest = {
    name: '@caio/dashboard',
    private: true,
    type: 'module',
    nx: { tags: ['layer:dashboard'] },
  };
  write(root, 'apps/dashboard/package.json', JSON.stringify(manifest));
  write(
    root,
    'apps/dashboard/tsconfig.json',
    JSON.stringify({ extends: '../../tsconfig.base.json', include: ['src/**/*.ts'] }),
  );
}

/**
 * @param {string} root
 * @param {string} program
 * @param {readonly string[]} args
 */
function runProgram(root, program, args) {
  return runBounded(process.execPath, [join(root, 'node_modules', program), ...args], {
    timeoutMs: PROGRAM_MS,
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false', NO_COLOR: '1' },
  });
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} source
 */
function write(root, file, source) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), source);
}

/**
 * @param {string} json  ESLint's report
 * @param {string} root
 * @returns {LintedFile[] | null}
 */
function parseLint(json, root) {
  try {
    /** @type {unknown} */
    const parsed = JSON.parse(json);
    const report =
      /** @type {{ filePath: string, messages: { ruleId: string | null, message: string }[] }[]} */ (parsed);
    return report.map(({ filePath, messages }) => ({
      file: filePath.slice(root.length + 1).replaceAll('\\', '/'),
      messages: messages.map(({ ruleId, message }) => ({ rule: ruleId ?? 'parser', text: message })),
    }));
  } catch {
    return null;
  }
}
