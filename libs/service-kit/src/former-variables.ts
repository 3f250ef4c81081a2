import type { Environment } from './config.ts';

const oneEnvironmentOneName = 'Nothing to set: every key begins with {caio:ENVIRONMENT}.';
const redisIsTheStore =
  'Nothing to set: Redis at REDIS_URL is the one store, and without it nothing starts or goes on.';
const inThePolicy = 'The sending policy that POLICY_FILE names.';
const always = 'Nothing to set: it is always on and cannot be switched off.';
const noVendor =
  'Nothing in this version: it has no connection to that service. Take the variable away, a secret that nobody needs can only leak.';
const drafts = 'The rules for drafts in the policy, and the reasons that GET /api/queue-status counts.';

/**
 * Variables of the system this one replaces which have no effect here, with what replaces them. Whoever brings an
 * old .env along must not believe that they still do something. Those that kept name and meaning are not here.
 */
export const formerVariables: Readonly<Record<string, string>> = {
  REDIS_REQUIRED: redisIsTheStore,
  REDIS_HOST: 'REDIS_URL.',
  REDIS_PORT: 'REDIS_URL.',
  REDIS_MAX_CONNECTIONS: 'Nothing to set: each service keeps a handful of connections, whatever the load.',
  STATE_BACKEND: redisIsTheStore,
  STATE_DUAL_READ_ENABLED: redisIsTheStore,
  STATE_FILE_FALLBACK_WRITE: redisIsTheStore,
  STATE_REDIS_PREFIX: oneEnvironmentOneName,
  CONTEXT_REDIS_PREFIX: oneEnvironmentOneName,
  RATE_LIMIT_REDIS_NAMESPACE: oneEnvironmentOneName,
  INNGEST_APP_NAME: 'INNGEST_APP_ID.',
  DASHBOARD_AUTH_ALLOWLIST: 'ACCESS_TOKENS; what is open without one is fixed.',
  SESSION_SECRET_KEY: 'Nothing to set: a session is a record in the store, and no cookie is signed.',
  CORS_ALLOWED_METHODS: 'CORS_ALLOWED_ORIGINS; methods are fixed.',
  CORS_ALLOWED_HEADERS: 'CORS_ALLOWED_ORIGINS; headers are fixed.',
  WEBHOOK_SIGNATURE_REQUIRED: always,
  WEBHOOK_BEARER_TOKEN: noVendor,
  HEYREACH_BEARER_TOKEN: noVendor,
  HEYREACH_UNSIGNED_ALLOWLIST: always,
  HEYREACH_WEBHOOK_SECRET: noVendor,
  INSTANTLY_WEBHOOK_SECRET: noVendor,
  RB2B_WEBHOOK_SECRET: noVendor,
  CLAY_WEBHOOK_SECRET: noVendor,
  GHL_WEBHOOK_SECRET: noVendor,
  INSTANTLY_FROM_EMAIL: 'The senders of the copy pack in COPY_PACK_DIR.',
  GHL_PROD_API_KEY: noVendor,
  SLACK_WEBHOOK_URL: noVendor,
  CRITICAL_INTEGRATIONS: 'Nothing to set: GET /api/health/ready names what is needed and not there.',
  SUPERVISED_SEND_WINDOW_OVERRIDE: inThePolicy,
  GHL_SUPERVISED_WINDOW_OVERRIDE: inThePolicy,
  EMAIL_DAILY_LIMIT: inThePolicy,
  LINKEDIN_DAILY_LIMIT: inThePolicy,
  REVIVAL_DAILY_LIMIT: inThePolicy,
  REJECTION_MEMORY_TTL_DAYS: inThePolicy,
  REJECTION_MEMORY_MAX_REJECTIONS: inThePolicy,
  DELIVERABILITY_FAIL_CLOSED: always,
  DELIVERABILITY_SUPPRESSION_FILE: 'caio suppressions import; suppressions are records in the store.',
  QUALITY_GUARD_ENABLED: always,
  QUALITY_GUARD_MODE: always,
  PENDING_QUEUE_TIER_FILTER: drafts,
  PENDING_QUEUE_ENFORCE_RAMP_TIER: drafts,
  PENDING_QUEUE_INCLUDE_NON_DISPATCHABLE: drafts,
  PENDING_QUEUE_MAX_AGE_HOURS: drafts,
  PENDING_QUEUE_PLACEHOLDER_BODIES: always,
  QUEUE_AUTO_SEED_ENABLED: 'Nothing: made-up leads never enter the queue.',
  SHADOW_EMAIL_DIR: redisIsTheStore,
  PROOF_POLL_FALLBACK_ENABLED: 'Nothing to set: what is unknown is looked up at the provider.',
  PROOF_SLA_SECONDS: 'Nothing to set: what is unknown is looked up at the provider.',
};

/** One line naming the former variables that are set, or null. Names alone: a value may be a secret. */
export const formerVariablesLine = (env: Environment): string | null => {
  const set = Object.entries(formerVariables).filter(([name]) => (env[name] ?? '').trim() !== '');
  if (set.length === 0) return null;
  const named = set.map(([name, instead]) => `${name} (instead: ${instead.replace(/\.$/, '')})`);
  return `${set.length === 1 ? 'A variable' : 'Variables'} of the former system without effect here: ${named.join('; ')}. See docs/configuration.md.`;
};
