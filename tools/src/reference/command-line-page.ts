import type { Command, Option } from 'commander';
import { createProgram, exitCodes } from '../caio/program.ts';
import { code, madeFrom, page, table } from './markdown.ts';

const defaultOf = (option: Option): string => {
  if (option.mandatory) return 'required';
  const { defaultValue } = option as { defaultValue: unknown };
  if (
    defaultValue === undefined ||
    option.negate ||
    (Array.isArray(defaultValue) && defaultValue.length === 0)
  )
    return '';
  if (defaultValue === '') return '';
  return code(typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue));
};

const describeCommand = (command: Command, level: number): string[] => {
  const help = command.createHelp();
  const options = command.options.filter(({ hidden }) => !hidden);
  const hasDefaults = options.some((option) => defaultOf(option) !== '');
  return [
    `${'#'.repeat(level)} ${help
      .commandUsage(command)
      .replace(/ \[options\]| \[command\]/g, '')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')}`,
    `${command.description().charAt(0).toUpperCase()}${command.description().slice(1)}.`,
    options.length === 0
      ? ''
      : table(
          ['Option', 'What it does', ...(hasDefaults ? ['Default'] : [])],
          options.map((option) => [
            code(option.flags),
            option.description,
            ...(hasDefaults ? [defaultOf(option)] : []),
          ]),
        ),
    ...command.commands.flatMap((child) => describeCommand(child, level + 1)),
  ];
};

/** docs/cli.md, from the program itself. */
export const describeCommandLine = (): string => {
  const program = createProgram({ root: '', environment: {} });
  return page(
    '# Command line',
    madeFrom('tools/src/caio'),
    'Type `npm run caio -- <command>`; where a page or a message says `caio drafts list`, that is `npm run caio -- drafts list`. Every command takes `--help`, which says the same as this page.',
    'The commands talk to a gateway: to the local stack while `npm start` runs, otherwise to the one that `CAIO_URL` and `CAIO_TOKEN` name ([configuration.md](configuration.md)). What a command may do is what its token may do ([api.md](api.md)).',
    'Answers go to standard output, everything else to standard error. With `--json` the answer is one JSON value, and a refusal is one too: `{"error":{"code","message","fix","correlationId"}}`, with `details` where there are any. `npm run` prints two lines of its own first; for a program type `npm run -s caio -- …`, or `node tools/bin/caio.mjs …`.',
    '## Options of every command',
    table(
      ['Option', 'What it does'],
      program.options.map(({ flags, description }) => [code(flags), description]),
    ),
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      exitCodes.map(({ code: number, meaning }) => [String(number), meaning]),
    ),
    program.commands.flatMap((command) => describeCommand(command, 2)),
  );
};
