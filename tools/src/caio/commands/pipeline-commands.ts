import { type PipelineRun, rowVerdictSchema } from '@caio/contracts';
import type { Command } from 'commander';
import { ApiError } from '../../api/api-client.ts';
import { gaveUpWaiting } from '../../api/patient-client.ts';
import { runLeadFile } from '../../once/lead-file-job.ts';
import { importText, leadsText, mappingText, runErrorText } from '../../once/report.ts';
import { columnMapping, idOf } from '../option-values.ts';
import { localTime, print, printJson, printNote, printRows } from '../output.ts';
import { createServiceKeys } from '../service-keys.ts';
import type { Shell } from '../shell.ts';
import { waitOption } from '../wait-option.ts';
import { wholeNumber } from '../whole-number.ts';

/** What a shell gives a command that Ctrl-C ended. */
const interruptedExit = 130;

/** The file was handed over; who no longer watches ends nothing. */
const leavingText = (run: string | null): string =>
  run === null
    ? 'The file was being handed over; whether it arrived says: caio runs list'
    : `The import goes on without you; see what becomes of it with: caio runs show ${run}`;

interface RunOptions {
  readonly input: string;
  readonly strict?: boolean;
  readonly map: string[];
  readonly wait: number;
  readonly json?: boolean;
}

/** caio run-pipeline and caio keys. */
export const addPipelineCommands = (program: Command, { connect, typed }: Shell): void => {
  program
    .command('run-pipeline')
    .description('import a lead file: judge every row, write drafts, hand them to review')
    .requiredOption('--input <file>', 'CSV or JSON, as Apollo, HubSpot, LinkedIn or Clay export it')
    .option('--strict', 'take nothing if one row cannot be read')
    .option(
      '--map <field=Header>',
      'name the column of a field; may be given several times',
      columnMapping,
      [],
    )
    .addOption(waitOption())
    .option('--json', 'one JSON value')
    .action(async (options: RunOptions) => {
      let shown = '';
      let started: string | null = null;
      const leave = (): void => {
        printNote(typed(leavingText(started)));
        process.exit(interruptedExit);
      };
      process.once('SIGINT', leave);
      const { run, rows } = await runLeadFile(
        connect({ patienceMs: options.wait * 1_000 }),
        { file: options.input, strict: options.strict ?? false, map: options.map },
        (state) => {
          started = state.runId;
          const line = `  rows read ${state.rowsRead}, decided ${state.rowsDone}`;
          if (line !== shown) printNote(line);
          shown = line;
        },
      ).catch((error: unknown) => {
        if (!gaveUpWaiting(error) || started === null) throw error;
        throw new ApiError(error.status, { ...error, message: error.message, fix: leavingText(started) });
      });
      process.off('SIGINT', leave);
      if (options.json === true) printJson({ run, leads: rows });
      else {
        const text = importText(run, rows, process.stdout.columns);
        if (text !== '') print(text);
        if (run.error === null)
          print(typed(`This run is ${run.runId}; see it again with: caio runs show ${run.runId}`));
        else printNote(`caio: ${runErrorText(run.error)}`);
      }
      if (run.status === 'failed') process.exitCode = 1;
    });

  program
    .command('keys')
    .description('make a key pair for each service, to paste into the settings of a deployment')
    .action(() => {
      print(createServiceKeys());
    });
};

const runId = idOf('run', 'caio runs list');

const countsText = ({ counts }: PipelineRun): string =>
  rowVerdictSchema.options
    .filter((verdict) => (counts[verdict] ?? 0) > 0)
    .map((verdict) => `${counts[verdict] ?? 0} ${verdict.replace('_', ' ')}`)
    .join(', ');

/** caio runs …: earlier lead files and what became of their rows. */
export const addRunCommands = (program: Command, { connect, typed }: Shell): void => {
  const runs = program
    .command('runs')
    .description('earlier imports of lead files, and what became of every row');
  runs
    .command('list')
    .description('the newest runs first')
    .option('--limit <n>', 'how many at most, up to 500', wholeNumber(1, 500), 20)
    .option('--before <runId>', 'go on after this run of the list, with those before it', runId)
    .option('--json', 'one JSON value')
    .action(async (options: { limit: number; before?: string; json?: boolean }) => {
      const page = await connect().runs(options.limit, options.before);
      printRows({ json: options.json ?? false }, page, {
        head: ['run', 'file', 'state', 'started', 'by', 'rows', 'came to'],
        rows: page.runs.map((run) => [
          run.runId,
          run.fileName,
          run.status,
          localTime(run.createdAt),
          run.startedBy,
          run.rowsRead,
          run.error === null ? countsText(run) : run.error.code,
        ]),
        empty: typed('There is no run. Import a lead file with caio run-pipeline --input FILE'),
      });
      if (options.json !== true && page.nextCursor !== null)
        print(typed(`Older ones: caio runs list --before ${page.nextCursor}`));
    });
  runs
    .command('show')
    .argument('<runId>', 'its id', runId)
    .description('one run and its rows, some hundred at a time')
    .option('--after <line>', 'go on after this line of the file', wholeNumber(0, 100_000_000), 0)
    .option('--limit <n>', 'how many lines at most, up to 2000', wholeNumber(1, 2_000), 500)
    .option('--json', 'one JSON value')
    .action(async (id: string, options: { after: number; limit: number; json?: boolean }) => {
      const api = connect();
      const { run } = await api.run(id);
      const { rows, nextAfter } = await api.rowPage(id, options.after, options.limit);
      if (options.json === true) return printJson({ run, leads: rows, nextAfter });
      print(
        [
          `${run.runId}, ${run.status}: ${run.fileName}, started by ${run.startedBy} at ${localTime(run.createdAt)}`,
          `${run.rowsRead} rows read, ${run.rowsDone} decided: ${countsText(run) || 'none yet'}`,
          mappingText(run),
          run.error === null ? '' : runErrorText(run.error),
          rows.length === 0 ? 'No row in this part of the file.' : leadsText(rows, process.stdout.columns),
          nextAfter === null ? '' : typed(`More rows: caio runs show ${id} --after ${nextAfter}`),
        ]
          .filter((part) => part !== '')
          .join('\n'),
      );
    });
};
