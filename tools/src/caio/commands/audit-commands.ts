import { readFile } from 'node:fs/promises';
import { type AuditBreak, auditHeadSchema, type AuditVerdict } from '@caio/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { printFact, printNote } from '../output.ts';
import type { Shell } from '../shell.ts';
import { waitOption } from '../wait-option.ts';
import { verifyFile, writeExport } from './audit-file-commands.ts';

const breaks: Readonly<Record<AuditBreak, string>> = {
  row_changed: 'it says something else than was sealed, or is sealed with another key',
  row_missing: 'it was removed',
  row_added: 'it was put in between',
  seal_missing: 'its seal was removed',
  seal_damaged: 'its seal cannot be read',
  seals_missing: 'the seals were removed',
  head_changed: 'the head of the chain does not fit it',
  head_missing: 'the head of the chain was removed',
  checkpoint_changed: 'the checkpoint of the retired rows is not one that was made with this key',
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
    ...(verdict.retired === null || verdict.retired === undefined
      ? []
      : [
          `${verdict.retired.rows} of them, up to ${verdict.retired.until}, were retired at ${verdict.retired.at} (digest ${verdict.retired.digest}).`,
        ]),
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

const momentSchema = z.iso.datetime().or(z.iso.date().transform((date) => `${date}T00:00:00.000Z`));

/** A day or an instant as the API takes it; ends the program with 2 on anything else. */
const momentOf = (program: Command, option: string, text: string): string => {
  const read = momentSchema.safeParse(text);
  if (read.success) return read.data;
  return program.error(
    `error: ${option} takes a day like 2026-01-31 or an instant like 2026-01-31T08:00:00Z`,
    {
      exitCode: 2,
    },
  );
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
    .option('--file <file>', 'verify an export instead of the system; needs no connection')
    .option('--key <file>', 'with --file: a file with the AUDIT_SEAL_KEY, alone or as a line of an .env file')
    .addOption(waitOption())
    .option('--json', 'one JSON value')
    .action(async (options: { head?: string; file?: string; key?: string; wait: number; json?: boolean }) => {
      if (options.file !== undefined) return verifyFile(program, { ...options, file: options.file });
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
  audit
    .command('export')
    .description('write the sealed rows, seals and published heads to a file that can be verified anywhere')
    .requiredOption('--out <file>', 'the file to write')
    .option('--from <day>', 'from this day or instant on, in whole seals')
    .option('--to <day>', 'up to this day or instant, in whole seals')
    .addOption(waitOption())
    .option('--json', 'one JSON value')
    .action(async (options: { out: string; from?: string; to?: string; wait: number; json?: boolean }) => {
      const { out, wait } = options;
      const written = await writeExport(connect, {
        ...{ out, wait },
        ...(options.from === undefined ? {} : { from: momentOf(program, '--from', options.from) }),
        ...(options.to === undefined ? {} : { to: momentOf(program, '--to', options.to) }),
      });
      printFact(
        { json: options.json ?? false },
        written,
        `${written.rows} rows written to ${written.file}.\nHead: ${written.head === '' ? '(empty)' : written.head}`,
      );
    });
  audit
    .command('retire')
    .description(
      'take rows from before a day out of the audit, in whole seals, and leave a signed checkpoint',
    )
    .requiredOption('--before <day>', 'a day or an instant')
    .option('--dry-run', 'count them only')
    .option('--json', 'one JSON value')
    .action(async (options: { before: string; dryRun?: boolean; json?: boolean }) => {
      const before = momentOf(program, '--before', options.before);
      const done = await connect().retireAudit(before, options.dryRun ?? false);
      printFact(
        { json: options.json ?? false },
        done,
        [
          `${done.rows} rows ${done.dryRun ? 'would be' : 'were'} retired; ${done.retired} in all${done.until === null ? '' : `, up to ${done.until}`}.`,
          ...(done.digest === '' ? [] : [`Digest of the retired rows: ${done.digest}`]),
        ].join('\n'),
      );
    });
};
