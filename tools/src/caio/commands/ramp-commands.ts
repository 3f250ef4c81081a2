import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RampDay, RampStatus } from '@caio/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { reasonOf } from '../option-values.ts';
import { localTime, printFact, tableText } from '../output.ts';
import { evidenceHtml, evidenceMarkdown, type EvidencePack } from '../ramp-evidence-page.ts';
import type { Shell } from '../shell.ts';
import { waitOption } from '../wait-option.ts';

const stages: Readonly<Record<RampStatus['stage'], string>> = {
  off: 'OFF: this policy has no ramp',
  ramp: 'RAMP: its lower cap and its tiers hold',
  graduated: 'GRADUATED: the caps of the policy hold',
};
const whys: Readonly<Record<RampDay['reasons'][number], (facts: RampDay['facts']) => string>> = {
  bounce: ({ bounces, lateBounces }) =>
    lateBounces === 0 ? `bounced: ${bounces}` : `bounced: ${bounces}, later: ${lateBounces}`,
  complaint: ({ complaints }) => `complained: ${complaints}`,
  halt: ({ halts }) => (halts === 0 ? 'everything was stopped' : `stops: ${halts}`),
  unknown: ({ unknownAtEnd }) => `not known whether sent: ${unknownAtEnd}`,
  unreviewed: ({ unreviewedAtEnd }) => `drafts nobody decided about: ${unreviewedAtEnd}`,
};
const statusWords: Readonly<Record<RampDay['status'], string>> = {
  clean: 'clean',
  not_clean: 'not clean',
  missed: 'missed',
  open: 'today, not over',
};

const whyOf = ({ status, reasons, facts }: RampDay): string =>
  [
    ...(status === 'missed' || (status === 'open' && facts.leftLive === 0) ? ['nothing left'] : []),
    ...reasons.map((reason) => whys[reason](facts)),
  ].join('; ');

/** How the ramp stands, for a person. */
export const rampText = (ramp: RampStatus): string => {
  const { holds, cleanDays, growth, graduated, droppedBack } = ramp;
  return [
    stages[ramp.stage],
    `E-mail today: ${holds.sentToday} of ${holds.emailPerDay}, ${holds.tiers.join(', ')} (${ramp.policyVersion}, days of ${ramp.timezone})`,
    ...(graduated === null
      ? []
      : [`Ended by ${graduated.by} at ${localTime(graduated.at)}: ${graduated.reason}`]),
    ...(droppedBack === null
      ? []
      : [`Back in force since ${droppedBack.day}, because of: ${droppedBack.reasons.join(', ')}`]),
    ...(growth === null
      ? []
      : [
          `Approved ${growth.approvedShare === null ? '–' : `${Math.round(growth.approvedShare * 100)} %`} of ${growth.decisions} drafts: the cap is ${growth.emailPerDay} a day`,
        ]),
    ...(ramp.stage === 'off'
      ? []
      : [
          `Clean days: ${cleanDays.found.length} of ${cleanDays.required} since ${cleanDays.since}${cleanDays.found.length === 0 ? '' : ` (${cleanDays.found.join(', ')})`}`,
        ]),
    tableText(
      ['day', 'was', 'left', 'why'],
      ramp.days.map((day) => [day.facts.day, statusWords[day.status], day.facts.leftLive, whyOf(day)]),
    ),
    ...(ramp.stage === 'ramp'
      ? ramp.against.length === 0
        ? ['A person may end it: caio ramp graduate --reason "…"']
        : ramp.against
      : []),
  ].join('\n');
};

const dayOf = (text: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw new InvalidArgumentError('A day is written like 2026-03-08.');
};

/** Writes the three forms of the page; answers where they are. */
const writePack = async (pack: EvidencePack, folder: string): Promise<string[]> => {
  const name = join(folder, `evidence-${pack.evidence.day.facts.day}`);
  await mkdir(folder, { recursive: true });
  const files: [string, string][] = [
    [`${name}.json`, `${JSON.stringify(pack, null, 2)}\n`],
    [`${name}.md`, evidenceMarkdown(pack)],
    [`${name}.html`, evidenceHtml(pack)],
  ];
  for (const [file, text] of files) await writeFile(file, text);
  return files.map(([file]) => file);
};

/** caio ramp …: what holds, why days were not clean, ending it, and the page of a day. */
export const addRampCommands = (program: Command, { connect, typed }: Shell): void => {
  const ramp = program.command('ramp').description('the lower cap of a beginning, and what ends it');
  ramp
    .command('status')
    .description('what holds today, which days were clean, and for each other day why not')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const status = (await connect().ramp()).ramp;
      printFact({ json: options.json ?? false }, status, typed(rampText(status)));
    });
  ramp
    .command('graduate')
    .description('end the ramp in your name; refused while there are not enough clean days')
    .requiredOption('--reason <text>', 'why it may end', reasonOf(3, 500))
    .option('--json', 'one JSON value')
    .action(async (options: { reason: string; json?: boolean }) => {
      const status = (await connect().graduateRamp(options.reason)).ramp;
      printFact(
        { json: options.json ?? false },
        status,
        `The ramp is ended. What was approved before keeps its limits; a batch frozen from now on has those of the policy.\n${rampText(status)}`,
      );
    });
  ramp
    .command('evidence')
    .description('write the one page of a day: JSON, Markdown, and HTML for paper; PASS or FAIL is the audit')
    .requiredOption('--day <date>', 'a day of the zone of the policy, like 2026-03-08', dayOf)
    .option('--out <folder>', 'where to', '.')
    .addOption(waitOption())
    .option('--json', 'one JSON value')
    .action(async (options: { day: string; out: string; wait: number; json?: boolean }) => {
      const api = connect({ patienceMs: options.wait * 1_000 });
      const evidence = await api.rampEvidence(options.day);
      const audit = await api.verifyAudit();
      const pack = { evidence, audit, writtenAt: new Date().toISOString() };
      const files = await writePack(pack, options.out);
      const { status, reasons, facts } = evidence.day;
      printFact(
        { json: options.json ?? false },
        { ...pack, files },
        [
          ...files,
          `${facts.day}: ${statusWords[status]}${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}, ${facts.left} left, ${audit.sealed} of ${audit.rows} audit rows hold`,
          audit.ok ? 'PASS' : 'FAIL',
        ].join('\n'),
      );
      if (!audit.ok) process.exitCode = 1;
    });
};
