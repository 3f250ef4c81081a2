// Risk: a page tells somebody in a hurry to type a command that does not exist, or points at a page that is gone.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createProgram } from '../caio/program.ts';
import { commandsIn, documents, problemOf, textOf } from './testing/documented-commands.ts';
import { printedLines, spokenShare, spokenTriples } from './testing/quoted-output.ts';
import { root } from './testing/service-apps.ts';

const program = createProgram({ root: '', environment: {} });
const pages = documents().map((file) => [file, textOf(file)] as const);
const runbooks = pages.filter(([file]) => file.startsWith('docs/runbooks/'));

test.each(pages)('every command of %s exists and is complete', (_, text) => {
  const problems = commandsIn(text).flatMap((words) => {
    const problem = problemOf(program, words);
    return problem === null ? [] : [`${words.join(' ')}: ${problem}`];
  });
  expect(problems).toEqual([]);
});

test.each([
  [['stop'], 'no command stop'],
  [['drafts'], 'only a group'],
  [['drafts', 'aprove', 'drf_1'], 'takes 0 values'],
  [['drafts', 'approve', 'drf_1'], 'needs --digest'],
  [['batches', 'freeze', '--motoin', 'outbound'], 'no option --motoin'],
  [['receipts'], 'takes 1 values'],
])('a wrong command is noticed: %j', (words, problem) => {
  expect(problemOf(program, words)).toContain(problem);
});

/** Below this a line is no longer what a program prints but what one printed once; values and joints cost the rest. */
const spokenMin = 0.6;
const spoken = spokenTriples();

test.each(runbooks)('what %s shows as printed is what the programs say', (_, text) => {
  const others = printedLines(text).filter((line) => (spokenShare(line, spoken) ?? 1) < spokenMin);
  // A lead file that a page shows is the reader's own, and the header of one holds its columns.
  expect(others.filter((line) => !/^Columns used:|^\S+,\S+,/.test(line))).toEqual([]);
});

test('a sentence that no program says is noticed', () => {
  expect(spokenShare('Everything is stopped. Nothing is admitted until a person lifts it', spoken)).toBe(1);
  expect(spokenShare('All sending was switched off and stays so until Monday morning', spoken)).toBeLessThan(
    spokenMin,
  );
});

test.each(pages)('every line to type on %s is typed as it stands', (_, text) => {
  // An interactive zsh, the shell of every Mac, hands the words after a # to the command.
  const blocks = [...text.matchAll(/^ *```(?:sh|bash)\n(.*?)^ *```$/gms)].map(([, lines = '']) => lines);
  const remarks = blocks.flatMap((lines) => lines.split('\n')).filter((line) => /(^|\s)#/.test(line));
  expect(remarks).toEqual([]);
});

test.each(pages)('every link of %s leads somewhere', (file, text) => {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
  const gone = targets.filter((target) => !existsSync(join(root, dirname(file), target)));
  expect(gone).toEqual([]);
});

test.each(pages)('%s names no folder of the machine it was written on', (_, text) => {
  expect(text).not.toMatch(/(^|[\s"'(`])\/(home|root|tmp|work|Users)\//m);
});

test.each(runbooks)('%s fits on a page', (_, text) => {
  expect(text.split('\n').length).toBeLessThanOrEqual(80);
});

test('the list of runbooks has them all', () => {
  const list = textOf('docs/runbooks/README.md');
  const missing = runbooks
    .map(([file]) => file.slice('docs/runbooks/'.length))
    .filter((file) => file !== 'README.md' && !list.includes(`(${file})`));
  expect(missing).toEqual([]);
});
