import type { Logger } from '@caio/trace-envelope';
import type { Inngest } from 'inngest';

/** One part's own word on whether it can work. */
export interface PartHealth {
  readonly part: string;
  readonly ready: boolean;
  readonly message: string;
}

/** Daily at 08:00 UTC: asks every part, and logs an error naming the ones that cannot work. */
export const createDailyHealthCheck = (deps: {
  inngest: Inngest;
  askParts: () => Promise<PartHealth[]>;
  logger: Logger;
}) =>
  deps.inngest.createFunction(
    { id: 'daily-health-check', name: 'Daily health check', triggers: [{ cron: '0 8 * * *' }], retries: 2 },
    async ({ step }) => {
      const parts = await step.run('ask-parts', deps.askParts);
      const failing = parts.filter(({ ready }) => !ready);
      await step.run('report', () => {
        if (failing.length > 0)
          deps.logger.error({ failing }, 'the daily health check found parts that cannot work');
        else deps.logger.info({ parts: parts.length }, 'the daily health check found every part working');
        return { failing: failing.length };
      });
      return { parts };
    },
  );
