import { isLocalEnvironment, policySchema } from '@caio/contracts';
import type { Policy } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import { isDayWindow, isTimezone } from './clock-fields.ts';
import { CompanyDataError } from './company-data-error.ts';
import type { CompanyDataProblem } from './company-data-error.ts';
import { readDataFile } from './data-file.ts';
import { dataVersion } from './data-version.ts';

export interface LoadedPolicy {
  readonly policy: Policy;
  /** `<name>@<revision>+<12 hex>`: what every preview hash carries. */
  readonly version: string;
}

type Finding = Omit<CompanyDataProblem, 'file'>;

const consistencyOf = (policy: Policy): Finding[] => {
  const { dispatch, window } = policy;
  const callMs = dispatch.sendDeadlineMs + dispatch.providerTimeoutMs;
  return [
    ...(isTimezone(policy.timezone)
      ? []
      : [
          {
            code: 'timezone_unknown',
            path: 'timezone',
            reason: 'this is no time zone',
            fix: 'Use a name like America/Detroit.',
          },
        ]),
    ...(isDayWindow(window.from, window.to)
      ? []
      : [
          {
            code: 'window_empty',
            path: 'window',
            reason: 'the window ends before it starts',
            fix: 'Set from before to; 00:00 to 24:00 is the whole day.',
          },
        ]),
    ...(dispatch.leaseSeconds * 1_000 > callMs
      ? []
      : [
          {
            code: 'lease_too_short',
            path: 'dispatch.leaseSeconds',
            reason: 'a send could outlive its lease and be taken for lost while it is under way',
            fix: `Set more than ${String(Math.ceil(callMs / 1_000))} seconds.`,
          },
        ]),
  ];
};

const realityOf = (policy: Policy, environment: string): Finding[] => {
  if (isLocalEnvironment(environment)) return [];
  return [
    ...(policy.localOnly
      ? [
          {
            code: 'policy_local_only',
            path: 'localOnly',
            reason: `this policy is for a local machine, the environment is "${environment}"`,
            fix: 'Point POLICY_FILE at a policy with real limits, e.g. config/policy/supervised-ramp.json.',
          },
        ]
      : []),
    ...policy.nurtureDomains.flatMap((domain, index) =>
      /(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|net|org))$/i.test(domain)
        ? [
            {
              code: 'example_value',
              path: `nurtureDomains[${String(index)}]`,
              reason: 'this is an example value, so your real nurture domain is not protected from cold mail',
              fix: 'Put the real domain in, or empty the list if there is none.',
            },
          ]
        : [],
    ),
  ];
};

/**
 * Reads and checks a sending policy. Local-only policies and example values are refused outside local
 * environments. Throws `CompanyDataError` naming every problem.
 */
export const loadPolicy = (file: string, options: { readonly environment: string }): LoadedPolicy => {
  const policy = readDataFile(file, policySchema);
  const found = [...consistencyOf(policy), ...realityOf(policy, options.environment)];
  if (found.length > 0) throw new CompanyDataError(found.map((finding) => ({ file, ...finding })));
  return { policy, version: dataVersion(policy.name, policy.revision, canonicalJson(policy)) };
};
