import { booleanField, secretField, textField, urlField } from '@caio/service-kit';
import { z } from 'zod';

/** What the scheduler reads from its environment beside what every service does. */
export const schedulerVariables = z.object({
  GATEKEEPER_URL: urlField({
    fix: 'Set the internal address of the gatekeeper, e.g. http://gatekeeper:8081.',
  }),
  COPY_PACK_DIR: textField({ fix: 'Set the folder of a copy pack, e.g. config/copy-pack/harbor-pine.' }),
  LEAD_INBOX_DIR: textField({
    fix: 'Set a folder whose lead files are imported every 15 minutes, or leave it out.',
  }).optional(),
  INNGEST_APP_ID: textField({ fix: 'Set the app name shown in Inngest, or leave it out.' }).default(
    'caio-control-plane',
  ),
  INNGEST_DEV: textField({
    fix: 'Set the address of a local Inngest dev server, or leave it out.',
  }).optional(),
  INNGEST_SIGNING_KEY: secretField({
    lengthMin: 8,
    fix: 'Copy the signing key of this environment from Inngest.',
  }).optional(),
  INNGEST_EVENT_KEY: secretField({
    lengthMin: 8,
    fix: 'Copy the event key of this environment from Inngest.',
  }).optional(),
  INNGEST_SERVE_ORIGIN: urlField({ fix: 'Set the address Inngest reaches this service at.' }).optional(),
  INNGEST_REQUIRED: booleanField('false'),
});
export type SchedulerVariables = z.output<typeof schedulerVariables>;

/** Settings that contradict each other or would switch off a check. */
export const schedulerProblems = (config: SchedulerVariables, rehearsal: 'rehearsal' | 'real'): string[] => {
  const problems: string[] = [];
  if (rehearsal === 'real' && config.INNGEST_DEV !== undefined) {
    problems.push(
      'INNGEST_DEV is set, and with it Inngest calls are not verified. Remove it here; it is for a laptop only.',
    );
  }
  if (
    config.INNGEST_REQUIRED &&
    (config.INNGEST_SIGNING_KEY === undefined || config.INNGEST_EVENT_KEY === undefined)
  ) {
    problems.push(
      'INNGEST_REQUIRED is true, which needs INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY. Set both.',
    );
  }
  return problems;
};
