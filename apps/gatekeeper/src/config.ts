import { deliveryModeSchema } from '@caio/contracts';
import { booleanField, choiceField, secretField, textField, urlField } from '@caio/service-kit';
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
  DISPATCH_CONCURRENCY: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'is not a whole number from 1 to 999')
    .transform(Number)
    .default(16)
    .meta({ fix: 'Set how many actions one process works on at once.' }),
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
