import { type ServiceName, serviceNameSchema, servicePorts } from '@caio/contracts';
import type { ServiceVariable } from './configuration.ts';
import { comment, title } from './environment-file.ts';
import { variableMeanings } from './variable-meanings.ts';

/** What Railway has to be told about one service: as variables where it reads them, else by a click. */
export interface RailwaySettings {
  readonly build: {
    readonly dockerfilePath?: string | null | undefined;
    readonly watchPatterns?: readonly string[] | undefined;
  };
  readonly deploy: {
    readonly healthcheckPath?: string | null | undefined;
    readonly restartPolicyType?: string | undefined;
    readonly healthcheckTimeout?: number | null | undefined;
    readonly overlapSeconds?: number | null | undefined;
    readonly drainingSeconds?: number | null | undefined;
  };
}

const privateAddressOf = (service: ServiceName): string =>
  `http://\${{${service}.RAILWAY_PRIVATE_DOMAIN}}:${servicePorts[service]}`;

/** A value for staging on Railway, or whose task it is to fill it in. */
type Proposal = { readonly value: string } | { readonly fill: 'made' | 'by hand' };
const made: Proposal = { fill: 'made' };
const byHand: Proposal = { fill: 'by hand' };

const proposals: Readonly<Record<string, Proposal | ((service: ServiceName) => Proposal)>> = {
  ENVIRONMENT: { value: 'staging' },
  PORT: (service) => ({ value: String(servicePorts[service]) }),
  REDIS_URL: { value: '${{Redis.REDIS_URL}}' },
  SERVICE_PRIVATE_KEY: made,
  SERVICE_PUBLIC_KEYS: made,
  GATEKEEPER_URL: { value: privateAddressOf('gatekeeper') },
  SCHEDULER_URL: { value: privateAddressOf('scheduler') },
  WEBHOOKS_URL: { value: privateAddressOf('webhooks') },
  DASHBOARD_AUTH_TOKEN: made,
  TRUST_PROXY_HOPS: { value: '1' },
  PUBLIC_BASE_URL: { value: 'https://${{gateway.RAILWAY_PUBLIC_DOMAIN}}' },
  POLICY_FILE: { value: 'config/policy/supervised-ramp.json' },
  COPY_PACK_DIR: byHand,
  PSEUDONYM_KEY: made,
  AUDIT_SEAL_KEY: made,
  UNSUBSCRIBE_SECRET: made,
  DELIVERY_MODE_EMAIL: { value: 'log-only' },
  DELIVERY_MODE_LINKEDIN: { value: 'log-only' },
  CUSTOMER_SOURCE: { value: 'ghl' },
  CUSTOMER_SOURCE_URL: byHand,
  CUSTOMER_SOURCE_KEY: byHand,
  CUSTOMER_SOURCE_LOCATION: byHand,
  INNGEST_SIGNING_KEY: made,
  INNGEST_EVENT_KEY: made,
  INNGEST_BASE_URL: { value: 'http://${{inngest.RAILWAY_PRIVATE_DOMAIN}}:8288' },
  INNGEST_SERVE_ORIGIN: { value: privateAddressOf('scheduler') },
  INNGEST_REQUIRED: { value: 'true' },
};

const railwayLines = ({ build, deploy }: RailwaySettings): string[] => [
  '',
  ...comment(
    'How Railway builds and replaces this service: what its railway.json says too, which Railway reads for older projects only, and for nobody from 2026-12-01 on.',
  ),
  `RAILWAY_DOCKERFILE_PATH=${build.dockerfilePath ?? ''}`,
  `RAILWAY_HEALTHCHECK_TIMEOUT_SEC=${deploy.healthcheckTimeout ?? ''}`,
  `RAILWAY_DEPLOYMENT_OVERLAP_SECONDS=${deploy.overlapSeconds ?? ''}`,
  `RAILWAY_DEPLOYMENT_DRAINING_SECONDS=${deploy.drainingSeconds ?? ''}`,
  '',
  ...comment(
    `To click, since no variable says it. Settings, Deploy: Healthcheck Path ${deploy.healthcheckPath ?? ''}, Restart Policy ${sentenceCase(deploy.restartPolicyType ?? '')}. Settings, Build, Watch Paths:`,
  ),
  ...(build.watchPatterns ?? []).map((pattern) => `#   ${pattern}`),
];

/** `ON_FAILURE` as the page of Railway writes it. */
const sentenceCase = (constant: string): string =>
  constant.slice(0, 1) + constant.slice(1).toLowerCase().replaceAll('_', ' ');

const proposalFor = ({ name, fallback }: ServiceVariable, service: ServiceName): Proposal | null => {
  const proposal = proposals[name];
  if (proposal === undefined) {
    if (fallback === null)
      throw new Error(
        `${name} of the ${service} is required, and the staging example does not propose a value`,
      );
    return null;
  }
  return typeof proposal === 'function' ? proposal(service) : proposal;
};

const entry = (variable: ServiceVariable, service: ServiceName): string[] => {
  const proposal = proposalFor(variable, service);
  if (proposal === null) return [];
  const meaning = variableMeanings[variable.name] ?? '';
  return [
    '',
    ...comment(
      `${variable.secret ? 'Secret. ' : ''}${meaning}${'fill' in proposal ? ` ${variable.fix}` : ''}`,
    ),
    `${variable.name}=${'value' in proposal ? proposal.value : ''}`,
  ];
};

/**
 * .env.staging.example: one block per service to paste into Railway, with everything that is the same for everybody
 * filled in. Throws for a required variable that it does not know.
 */
export const describeStagingExample = (
  all: readonly ServiceVariable[],
  railway: Readonly<Record<string, RailwaySettings>>,
): string => {
  const unread = Object.keys(proposals).filter((proposed) => !all.some(({ name }) => name === proposed));
  if (unread.length > 0)
    throw new Error(`the staging example proposes ${unread.join(', ')}, which no service reads`);
  return [
    ...comment('Made from the configuration of the services and their railway.json by `npm run docs`.'),
    '#',
    ...comment(
      'One block per service, for its Variables page on Railway (Raw Editor): docs/runbooks/deploy-to-railway.md says where to click. To make a copy with every secret filled in: npm run caio -- env init --staging. What stays empty there is yours to fill in: the folder of your company. Never commit a filled-in copy.',
    ),
    ...serviceNameSchema.options.flatMap((service) => {
      const settings = railway[service];
      if (settings === undefined) throw new Error(`${service} has no railway.json`);
      return [
        ...title(service),
        ...railwayLines(settings),
        ...all
          .filter((variable) => variable.service === service)
          .flatMap((variable) => entry(variable, service)),
      ];
    }),
    '',
  ].join('\n');
};
