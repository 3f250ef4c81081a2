import { deliveryModeSchema } from '@caio/contracts';
import { booleanField, choiceField, integerField, secretField, textField, urlField } from '@caio/service-kit';
import { z } from 'zod';

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
  EMERGENCY_STOP: booleanField('false'),
  /** How long a worker that says nothing keeps its job, how often that is looked at, and when a queued action is enqueued again. */
  JOB_LOCK_MS: integerField({ min: 500, max: 600_000, fallback: 10_000 }),
  JOB_STALL_CHECK_MS: integerField({ min: 500, max: 600_000, fallback: 5_000 }),
  REQUEUE_AFTER_MS: integerField({ min: 500, max: 600_000, fallback: 15_000 }),
  DISPATCH_CONCURRENCY: integerField({ min: 1, max: 512, fallback: 16 }),
});
export type GatekeeperVariables = z.output<typeof gatekeeperVariables>;

/** Modes that this build has no provider for yet are refused at boot by name, never served by another one. */
export const deliveryProblems = (config: GatekeeperVariables): string[] => {
  const problems: string[] = [];
  for (const [name, mode] of [
    ['DELIVERY_MODE_EMAIL', config.DELIVERY_MODE_EMAIL],
    ['DELIVERY_MODE_LINKEDIN', config.DELIVERY_MODE_LINKEDIN],
  ] as const) {
    if (mode === 'allow-list' || mode === 'live') {
      problems.push(
        `${name} asks for ${mode}, and no provider is configured for it (provider_not_configured). Set log-only or sandbox.`,
      );
    }
  }
  if (config.DELIVERY_MODE_LINKEDIN === 'sandbox') {
    problems.push(
      'DELIVERY_MODE_LINKEDIN asks for sandbox, and no simulator serves that channel (provider_not_configured). Set log-only.',
    );
  }
  if (
    config.DELIVERY_MODE_EMAIL === 'sandbox' &&
    (config.SANDBOX_URL === undefined || config.SANDBOX_API_KEY === undefined)
  ) {
    problems.push(
      'DELIVERY_MODE_EMAIL asks for sandbox, which needs SANDBOX_URL and SANDBOX_API_KEY. Set both, or set log-only.',
    );
  }
  return problems;
};
