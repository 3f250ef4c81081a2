import {
  type BaseConfig,
  booleanField,
  integerField,
  parsedField,
  secretField,
  textField,
  urlField,
} from '@caio/service-kit';
import { z } from 'zod';

const devServer = 'http://127.0.0.1:8288';

/** Inngest's own tools also know INNGEST_DEV as a yes or a no; null is a no. */
const parseDevServer = (
  value: string,
): { ok: true; value: string | null } | { ok: false; problem: string } => {
  if (/^(?:1|true|yes|on)$/i.test(value)) return { ok: true, value: devServer };
  if (/^(?:0|false|no|off)$/i.test(value)) return { ok: true, value: null };
  return /^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value)
    ? { ok: true, value: value.replace(/\/+$/, '') }
    : { ok: false, problem: 'is neither an address nor a yes or a no' };
};

/** The whole public address; what Inngest is told is its origin, because the path is always the same. */
const parseWebhookUrl = (value: string): { ok: true; value: string } | { ok: false; problem: string } => {
  if (!URL.canParse(value)) return { ok: false, problem: 'is no address' };
  const url = new URL(value);
  if (url.protocol !== 'https:') return { ok: false, problem: 'does not begin with https://' };
  return url.href === `${url.origin}/inngest`
    ? { ok: true, value: url.origin }
    : { ok: false, problem: 'does not end with /inngest right after the domain' };
};

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
  INNGEST_DEV: parsedField({
    parse: parseDevServer,
    fix: `Set the address of a local Inngest dev server, or true for ${devServer}, or leave it out.`,
    sensitivity: 'public',
  }).optional(),
  INNGEST_SIGNING_KEY: secretField({
    lengthMin: 8,
    fix: 'Copy the signing key of this environment from Inngest; for an Inngest server of your own make one: openssl rand -hex 32.',
  }).optional(),
  INNGEST_EVENT_KEY: secretField({
    lengthMin: 8,
    fix: 'Copy the event key of this environment from Inngest; for an Inngest server of your own make one: openssl rand -hex 32.',
  }).optional(),
  INNGEST_BASE_URL: urlField({
    fix: 'Set the address of your own Inngest server, e.g. http://inngest:8288, or leave it out for Inngest Cloud.',
  }).optional(),
  INNGEST_WEBHOOK_URL: parsedField({
    parse: parseWebhookUrl,
    fix: 'Set https://<domain of the gateway>/inngest, or leave it out.',
    sensitivity: 'public',
  }).optional(),
  INNGEST_SERVE_ORIGIN: urlField({ fix: 'Set the address Inngest reaches this service at.' }).optional(),
  INNGEST_REQUIRED: booleanField('false'),
  JOB_LOCK_MS: integerField({ min: 500, max: 600_000, fallback: 10_000 }),
  JOB_STALL_CHECK_MS: integerField({ min: 500, max: 600_000, fallback: 5_000 }),
});
export type SchedulerVariables = z.output<typeof schedulerVariables>;

/** Where the local dev server is that Inngest's calls come from unsigned, or null where calls are verified. */
export const devServerOf = ({ INNGEST_DEV }: Pick<SchedulerVariables, 'INNGEST_DEV'>): string | null =>
  INNGEST_DEV ?? null;

/** The origin Inngest is told to call us at, or null for the one that its own call came to. */
export const serveOriginOf = (
  config: Pick<SchedulerVariables, 'INNGEST_WEBHOOK_URL' | 'INNGEST_SERVE_ORIGIN'>,
): string | null => config.INNGEST_WEBHOOK_URL ?? config.INNGEST_SERVE_ORIGIN ?? null;

const isOwnMachine = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);

/** Settings that contradict each other or would switch off a check. */
export const schedulerProblems = (
  config: SchedulerVariables & Pick<BaseConfig, 'HOST'>,
  rehearsal: 'rehearsal' | 'real',
): string[] => {
  const problems: string[] = [];
  const isDev = devServerOf(config) !== null;
  if (rehearsal === 'real' && isDev) {
    problems.push(
      'INNGEST_DEV is set, and with it Inngest calls are not verified. Remove it here; it is for a laptop only.',
    );
  }
  if (rehearsal === 'rehearsal' && isDev && !isOwnMachine(config.HOST)) {
    problems.push(
      'INNGEST_DEV is set, and with it Inngest calls are not verified, while HOST can be reached from other machines. Remove INNGEST_DEV, or set HOST to 127.0.0.1.',
    );
  }
  if (
    config.INNGEST_WEBHOOK_URL !== undefined &&
    config.INNGEST_SERVE_ORIGIN !== undefined &&
    config.INNGEST_WEBHOOK_URL !== new URL(config.INNGEST_SERVE_ORIGIN).origin
  ) {
    problems.push(
      'INNGEST_WEBHOOK_URL and INNGEST_SERVE_ORIGIN name two places for one thing. Keep INNGEST_WEBHOOK_URL for Inngest Cloud, INNGEST_SERVE_ORIGIN for an Inngest server of your own.',
    );
  }
  if (
    rehearsal === 'real' &&
    config.INNGEST_SIGNING_KEY !== undefined &&
    config.INNGEST_BASE_URL === undefined &&
    serveOriginOf(config) === null
  ) {
    problems.push(
      'INNGEST_SIGNING_KEY is set for Inngest Cloud, which would be told an address of the inner network. Set INNGEST_WEBHOOK_URL to https://<domain of the gateway>/inngest, or INNGEST_BASE_URL to the address of your own Inngest server.',
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
