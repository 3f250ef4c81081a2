import { readFile } from 'node:fs/promises';
import { type AuditBreak, auditHeadSchema, type AuditVerdict } from '@caio/contracts';
import type { Command } from 'commander';
import { printFact, printNote } from '../output.ts';
import type { Shell } from '../shell.ts';
import { waitOption } from '../wait-option.ts';

const breaks: Readonly<Record<AuditBreak, string>> = {
  row_changed: 'it says something else than was sealed, or is sealed with another key',
  row_missing: 'it was removed',
  row_added: 'it was put in between',
  seal_missing: 'its seal was removed',
  seal_damaged: 'its seal cannot be read',
  seals_missing: 'the seals were removed',
  head_changed: 'the head of the chain does not fit it',
  head_missing: 'the head of the chain was removed',
};

/** Between two notes of a long verification. */
const noteEveryRows = 100_000;

const headIn = (text: string): string | null => {
  // The file the gatekeeper keeps, its log, or what audit verify printed: in all of them the newest comes last.
  const found = text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)?.at(-1);
  const head = auditHeadSchema.safeParse(found);
  return head.success ? head.data : null;
};

/** A head as it is, or the last one in a file. */
const readHead = async (named: string): Promise<string | null> =>
  auditHeadSchema.safeParse(named).success ? named : headIn(await readFile(named, 'utf8').catch(() => ''));

const inWords = (verdict: AuditVerdict): string => {
  const { rows, sealed, unsealed, unsealedSince, head, firstBroken, problems } = verdict;
  return [
    `${sealed} of ${rows} rows hold; not sealed yet: ${unsealed}${unsealedSince === null ? '' : ` (since ${unsealedSince})`}.`,
    ...(firstBroken === null
      ? []
      : [
          `The first broken row is number ${firstBroken.index + 1}, ${firstBroken.id} (${firstBroken.why}): ${breaks[firstBroken.why]}.`,
        ]),
    ...problems.map(({ why, message }) => `${message} (${why})`),
    `Head: ${head === '' ? '(empty)' : head}`,
    verdict.ok ? 'PASS' : 'FAIL',
  ].join('\n');
};

/** caio audit …: whether the record of every decision is the one that was made. */
export const addAuditCommands = (program: Command, connect: Shell['connect']): void => {
  const audit = program.command('audit').description('the record of every decision');
  audit
    .command('verify')
    .description('compute the whole chain again; ends with PASS or FAIL')
    .option(
      '--head <hash|file>',
      'a head published earlier has to be in the chain; of a file the last one in it',
    )
    .addOption(waitOption())
    .option('--json', 'one JSON value')
    .action(async (options: { head?: string; wait: number; json?: boolean }) => {
      const head = options.head === undefined ? undefined : await readHead(options.head);
      if (head === null) {
        return program.error(
          `error: ${options.head ?? ''} is no head (64 hexadecimal digits) and no file with one in it`,
          { exitCode: 2 },
        );
      }
      let noted = 0;
      const verdict = await connect({ patienceMs: options.wait * 1_000 }).verifyAudit({
        ...(head === undefined ? {} : { head }),
        onProgress: ({ sealed, rows }) => {
          if (sealed - noted < noteEveryRows) return;
          noted = sealed;
          printNote(`  ${sealed} of ${rows} rows hold so far`);
        },
      });
      printFact({ json: options.json ?? false }, verdict, inWords(verdict));
      if (!verdict.ok) process.exitCode = 1;
    });
};
