import type { Inngest } from 'inngest';
import type { LeadInbox } from '../lead-inbox.ts';
import type { StartRun } from '../use-cases/start-run.ts';

/** Every 15 minutes: a run for each file that lies in the inbox. Without an inbox it says so and does nothing. */
export const createPipelineScan = (deps: {
  inngest: Inngest;
  inbox: LeadInbox | null;
  startRun: StartRun;
  newCorrelationId: () => string;
}) =>
  deps.inngest.createFunction(
    {
      id: 'pipeline-scan',
      name: 'Import lead files from the inbox',
      triggers: [{ cron: '*/15 * * * *' }],
      retries: 2,
    },
    async ({ step }) => {
      const { inbox } = deps;
      if (inbox === null) return { configured: false, runs: [] };
      const names = await step.run('list-files', () => inbox.list());
      const runs: { name: string; runId: string }[] = [];
      for (const name of names) {
        // Taken again after a crash between start and move, the file only meets people who have a draft already.
        const runId = await step.run(`start-${name}`, async () => {
          const run = await deps.startRun({
            content: inbox.open(name),
            fileName: name,
            strict: false,
            overrides: {},
            startedBy: 'pipeline-scan',
            correlationId: deps.newCorrelationId(),
          });
          await inbox.markTaken(name, run.runId);
          return run.runId;
        });
        runs.push({ name, runId });
      }
      return { configured: true, runs };
    },
  );
