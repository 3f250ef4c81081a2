import { createServiceKeys } from '../service-keys.ts';
import type { Command } from 'commander';
import type { OutreachApi } from '../../api/outreach-api.ts';
import { runLeadFile } from '../../once/lead-file-job.ts';
import { leadsText, mappingText } from '../../once/report.ts';
import { print, printJson, printNote } from '../output.ts';

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** caio run-pipeline and caio keys. */
export const addPipelineCommands = (program: Command, connect: () => OutreachApi): void => {
  program
    .command('run-pipeline')
    .description('import a lead file: judge every row, write drafts, hand them to review')
    .requiredOption('--input <file>', 'CSV or JSON, as Apollo, HubSpot, LinkedIn or Clay export it')
    .option('--strict', 'take nothing if one row cannot be read')
    .option('--map <field=Header>', 'name the column of a field; may be given several times', collect, [])
    .option('--json', 'one JSON value')
    .action(async (options: { input: string; strict?: boolean; map: string[]; json?: boolean }) => {
      let shown = '';
      const { run, rows } = await runLeadFile(
        connect(),
        { file: options.input, strict: options.strict ?? false, map: options.map },
        (state) => {
          const line = `  rows read ${state.rowsRead}, decided ${state.rowsDone}`;
          if (line !== shown) printNote(line);
          shown = line;
        },
      );
      if (options.json === true) printJson({ run, leads: rows });
      else {
        const parts = [mappingText(run), rows.length === 0 ? '' : leadsText(rows)];
        const text = parts.filter((part) => part !== '').join('\n');
        if (text !== '') print(text);
        if (run.error !== null) printNote(`caio: ${run.error.message} ${run.error.fix ?? ''}`.trimEnd());
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
