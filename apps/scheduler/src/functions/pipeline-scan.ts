import type { Inngest } from 'inngest';
import type { InboxFile, LeadInbox } from '../lead-inbox.ts';
import type { StartRun } from '../use-cases/start-run.ts';

/** What became of a file in the inbox: a run, or why not. */
export interface ScannedFile {
  readonly name: string;
  readonly outcome: 'started' | 'too_large' | 'gone';
  readonly runId: string | null;
}

/** Every 15 minutes: a run for each file that lies in the inbox. Without an inbox it says so and does nothing. */
export const createPipelineScan = (deps: {
  inngest: Inngest;
  inbox: LeadInbox | null;
  startRun: StartRun;
  newCorrelationId: () => string;
  limitBytes: number;
}) => {
  const take = async (inbox: LeadInbox, file: InboxFile): Promise<ScannedFile> => {
    const { name, bytes } = file;
    const claim = await inbox.claim(file);
    if (claim === null) return { name, outcome: 'gone', runId: null };
    if (bytes > deps.limitBytes) {
      await inbox.markRefused(claim, name);
      return { name, outcome: 'too_large', runId: null };
    }
    const runId = await start(inbox, claim, name);
    // After a crash right here the file is imported again, and only meets people who have a draft already.
    await inbox.markTaken(claim, name, runId);
    return { name, outcome: 'started', runId };
  };

  const start = async (inbox: LeadInbox, claim: string, name: string): Promise<string> => {
    try {
      const run = await deps.startRun({
        content: inbox.open(claim),
        fileName: name,
        strict: false,
        overrides: {},
        startedBy: 'pipeline-scan',
        correlationId: deps.newCorrelationId(),
      });
      return run.runId;
    } catch (error) {
      await inbox.release(claim, name);
      throw error;
    }
  };

  return deps.inngest.createFunction(
    {
      id: 'pipeline-scan',
      name: 'Import lead files from the inbox',
      triggers: [{ cron: '*/15 * * * *' }],
      retries: 2,
    },
    async ({ step }) => {
      const { inbox } = deps;
      if (inbox === null) return { configured: false, files: [] };
      const found = await step.run('list-files', () => inbox.list());
      const files: ScannedFile[] = [];
      for (const file of found)
        files.push(await step.run(`start-${file.claim ?? file.name}`, () => take(inbox, file)));
      return { configured: true, files };
    },
  );
};
