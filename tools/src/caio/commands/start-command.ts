import type { Command } from 'commander';
import { dataFolderOf, type ToolConfig } from '../../config.ts';
import { columnMapping } from '../option-values.ts';
import { wholeNumber } from '../whole-number.ts';
import { startOnce } from './start-once.ts';
import { startStackAndStay } from './start-stack.ts';

interface ParsedOptions {
  readonly once?: boolean;
  readonly input?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly map: readonly string[];
  readonly pack?: string;
  readonly policy?: string;
  readonly exclusions?: string;
  readonly records?: string;
  readonly port: number;
  readonly install: boolean;
}

/** Options that mean nothing in this combination are refused rather than ignored. */
const usageProblem = (options: ParsedOptions, data: string | undefined): string | null => {
  if (options.once === true) {
    return data === undefined
      ? null
      : '--once keeps nothing, so --data has no meaning with it; --records <folder> keeps its logs and traces';
  }
  if (options.json === true) return '--json is the report of --once: npm -s start -- --once --json';
  if (options.records !== undefined)
    return '--records belongs to --once; without it logs and traces are kept in the folder of --data';
  return null;
};

/** Options of `start` that npm takes for itself when `--` is missing, and what it then sets. */
const swallowedByNpm = ['once', 'input', 'map', 'pack', 'policy', 'exclusions', 'records', 'port', 'data'];

/** Which options of `npm start` npm kept, so that what starts would be something else than what was asked for. */
export const startOptionsTakenByNpm = (
  environment: Readonly<Record<string, string | undefined>>,
): string[] => {
  const taken = swallowedByNpm.filter((name) => environment[`npm_config_${name}`] === 'true');
  // npm writes the absence of a flag as an empty text.
  return [...taken, ...(environment['npm_config_install'] === '' ? ['no-install'] : [])];
};

/** caio start. */
export const addStartCommand = (program: Command, config: ToolConfig): void => {
  program
    .command('start')
    .description(
      'run the whole stack on this machine; with --once the whole job from a lead file to receipts',
    )
    .option('--once', 'do the whole job in a namespace of its own, check it, clean up and end')
    .option('--input <file>', 'the lead file; without it the example that ships')
    .option('--json', 'with --once: one JSON object on standard output and nothing else there')
    .option('--strict', 'take nothing if one row cannot be read')
    .option(
      '--map <field=Header>',
      'name the column of a field; may be given several times',
      columnMapping,
      [],
    )
    .option('--pack <folder>', 'copy pack folder; without it config/copy-pack/harbor-pine')
    .option('--policy <file>', 'policy file; without it config/policy/local.json')
    .option(
      '--exclusions <file>',
      'who is not contacted: CSV with key, kind, note; without it the example that ships',
    )
    .option('--records <folder>', 'with --once: keep logs and traces there')
    .option(
      '--port <n>',
      'port of the gateway; the other parts take the ones after it; --once takes free ones without it',
      wholeNumber(1_024, 65_000),
      8080,
    )
    .option('--no-install', 'install nothing to provide Redis')
    .action(async (options: ParsedOptions, command: Command) => {
      const { data } = program.opts<{ data?: string }>();
      const problem = usageProblem(options, data);
      if (problem !== null) command.error(`error: ${problem}`, { exitCode: 2 });
      const start = { ...options, strict: options.strict ?? false };
      process.exitCode =
        options.once === true
          ? await startOnce(config, {
              ...start,
              json: options.json ?? false,
              port: command.getOptionValueSource('port') === 'default' ? null : options.port,
            })
          : await startStackAndStay(config, dataFolderOf(config, data), start);
    });
};
