import { deliveryModeSchema } from '@caio/contracts';
import { booleanField, choiceField, integerField, secretField, textField, urlField } from '@caio/service-kit';
import { z } from 'zod';
import { customerVariables } from './customers/customer-variables.ts';

/** What the gatekeeper reads from its environment beside what every service does. */
export const gatekeeperVariables = z.object({
  PUBLIC_BASE_URL: urlField({
    fix: 'Set the address people reach the gateway at, e.g. https://outreach.example.com.',
  }),
  POLICY_FILE: textField({ fix: 'Set the path of a policy, e.g. config/policy/local.json.' }),
  COPY_PACK_DIR: textField({ fix: 'Set the folder of a copy pack, e.g. config/copy-pack/harbor-pine.' }),
  PSEUDONYM_KEY: secretField({
    lengthMin: 32,
    fix: 'Set a random text of 32 characters or more and never change it: suppressions are found by it.',
  }),
  AUDIT_SEAL_KEY: secretField({
    lengthMin: 32,
    fix: 'Set a random text of 32 characters or more; keep a copy outside the system.',
  }),
  AUDIT_HEADS_FILE: textField({
    fix: 'Set the path of a file that whoever can write to Redis cannot write, or leave it out.',
  }).optional(),
  /** Rows of the audit are retired after so many days, in whole seals; 0 keeps them all. */
  AUDIT_RETENTION_DAYS: integerField({ min: 0, max: 36_500, fallback: 0 }),
  UNSUBSCRIBE_SECRET: secretField({
    lengthMin: 32,
    fix: 'Set a random text of 32 characters or more, the same for gatekeeper and webhooks.',
  }),
  DELIVERY_MODE_EMAIL: choiceField(deliveryModeSchema.options, 'log-only'),
  DELIVERY_MODE_LINKEDIN: choiceField(deliveryModeSchema.options, 'log-only'),
  SANDBOX_URL: urlField({
    fix: 'Set the address of the provider simulator; it is needed for the delivery mode sandbox.',
  }).optional(),
  SANDBOX_API_KEY: secretField({
    lengthMin: 8,
    fix: 'Set the key the provider simulator expects; it is needed for the delivery mode sandbox.',
  }).optional(),
  INSTANTLY_API_KEY: secretField({
    lengthMin: 8,
    fix: 'Set a key of API v2 of the Instantly workspace; it is needed to send real mail, and for nothing else.',
  }).optional(),
  HEYREACH_API_KEY: secretField({
    lengthMin: 8,
    fix: 'Set the public API key of the HeyReach workspace; it is needed for real LinkedIn messages, and for nothing else.',
  }).optional(),
  GHL_API_KEY: secretField({
    lengthMin: 8,
    fix: 'Set a private integration token of the GoHighLevel location; it is needed to answer for real, and for nothing else.',
  }).optional(),
  GHL_LOCATION_ID: textField({
    fix: 'Set the id of the GoHighLevel location whose conversations are answered.',
  }).optional(),
  SMTP_URL: urlField({
    fix: 'Set the address of the mail server, e.g. smtps://mail.example.com or smtp://mail.example.com:587.',
    protocols: ['smtp:', 'smtps:'],
  }).optional(),
  SMTP_USER: textField({ fix: 'Set the name to log in with at the mail server.' }).optional(),
  SMTP_PASSWORD: secretField({ lengthMin: 1, fix: 'Set the password of SMTP_USER.' }).optional(),
  SANDBOX_SMTP_URL: urlField({
    fix: 'Set the address of the SMTP server of the provider simulator, e.g. smtp://127.0.0.1:8025.',
    protocols: ['smtp:'],
  }).optional(),
  EMERGENCY_STOP: booleanField('false'),
  /** How long a worker that says nothing keeps its job, how often that is looked at, and when a queued action is enqueued again. */
  JOB_LOCK_MS: integerField({ min: 500, max: 600_000, fallback: 10_000 }),
  JOB_STALL_CHECK_MS: integerField({ min: 500, max: 600_000, fallback: 5_000 }),
  REQUEUE_AFTER_MS: integerField({ min: 500, max: 600_000, fallback: 15_000 }),
  DISPATCH_CONCURRENCY: integerField({ min: 1, max: 512, fallback: 16 }),
  ...customerVariables.shape,
});
export type GatekeeperVariables = z.output<typeof gatekeeperVariables>;
