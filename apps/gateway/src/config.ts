import { type AccessToken, parseAccessTokens } from '@caio/auth';
import { isLocalEnvironment } from '@caio/contracts';
import {
  type BaseConfig,
  booleanField,
  ConfigError,
  integerField,
  parsedField,
  secretField,
  textField,
  urlField,
} from '@caio/service-kit';
import { z } from 'zod';
import type { DoorSettings } from './door-settings.ts';

const address = (service: string, port: number) =>
  urlField({ fix: `Set the internal address of the ${service}, e.g. http://${service}:${port}.` });

const accessTokensFix = 'Set a JSON list of {"name","sha256","permissions"}, or leave it out.';

const isOrigin = (text: string): boolean => {
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) && url.origin === text && !text.includes('*');
  } catch {
    return false;
  }
};

type ParsedOrigins = { ok: true; value: readonly string[] } | { ok: false; problem: string };

const parseOrigins = (text: string): ParsedOrigins => {
  const origins = text.split(',').map((part) => part.trim());
  if (origins.includes('*')) return { ok: false, problem: 'holds *, which would let in every page there is' };
  const wrong = origins.findIndex((origin) => !isOrigin(origin));
  return wrong === -1
    ? { ok: true, value: [...new Set(origins)] }
    : { ok: false, problem: `holds something that is no origin (entry ${wrong + 1})` };
};

const perMinute = (fallback: number) => integerField({ min: 1, max: 1_000_000, fallback });

/** What the gateway reads from its environment beside what every service does. */
export const gatewayVariables = z.object({
  GATEKEEPER_URL: address('gatekeeper', 8081),
  SCHEDULER_URL: address('scheduler', 8082),
  WEBHOOKS_URL: address('webhooks', 8083),
  DASHBOARD_AUTH_TOKEN: secretField({
    lengthMin: 1,
    fix: 'Make one: openssl rand -base64 33 | tr "+/" "-_".',
  }).optional(),
  DASHBOARD_AUTH_TOKEN_PREVIOUS: secretField({
    lengthMin: 1,
    fix: 'Set the former token while it is being replaced, or leave it out.',
  }).optional(),
  ACCESS_TOKENS: secretField({ lengthMin: 2, fix: accessTokensFix }).optional(),
  DASHBOARD_AUTH_STRICT: booleanField('true'),
  DASHBOARD_QUERY_TOKEN_ENABLED: booleanField('true'),
  CORS_ALLOWED_ORIGINS: parsedField({
    parse: parseOrigins,
    fix: 'List origins like https://desk.example.com, separated by commas, without a path or a slash at the end; or leave it out.',
    sensitivity: 'public',
  }).optional(),
  TRUST_PROXY_HOPS: integerField({ min: 0, max: 10, fallback: 0 }),
  CONTEXT_STATE_TTL_SECONDS: integerField({ min: 60, max: 604_800, fallback: 43_200 }),
  RATE_LIMIT_READ_PER_MINUTE: perMinute(3_000),
  RATE_LIMIT_WRITE_PER_MINUTE: perMinute(3_000),
  RATE_LIMIT_UPLOAD_PER_MINUTE: perMinute(120),
  RATE_LIMIT_EXPENSIVE_PER_MINUTE: perMinute(300),
  RATE_LIMIT_STREAM_PER_MINUTE: perMinute(300),
  RATE_LIMIT_INNGEST_PER_MINUTE: perMinute(120),
  EVENT_STREAMS_MAX: integerField({ min: 1, max: 10_000, fallback: 1_000 }),
  EVENT_STREAMS_PER_PERSON_MAX: integerField({ min: 1, max: 10_000, fallback: 200 }),
  REQUEST_HEAD_TIMEOUT_MS: integerField({ min: 100, max: 60_000, fallback: 10_000 }),
  REQUEST_TIMEOUT_MS: integerField({ min: 200, max: 600_000, fallback: 120_000 }),
  DESK_DIR: textField({ fix: 'Set the folder with the index.html of the desk, or leave it out.' }).optional(),
});
export type GatewayVariables = z.output<typeof gatewayVariables>;

/** The credentials this gateway knows. Throws ConfigError naming every malformed one, never its value. */
export const accessTokensOf = (
  config: Pick<GatewayVariables, 'DASHBOARD_AUTH_TOKEN' | 'DASHBOARD_AUTH_TOKEN_PREVIOUS' | 'ACCESS_TOKENS'>,
): readonly AccessToken[] => {
  const parsed = parseAccessTokens(config);
  if (parsed.ok) return parsed.tokens;
  throw new ConfigError(
    'gateway',
    parsed.problems.map(({ variable, problem, fix }) => `${variable} ${problem}. ${fix}`),
  );
};

/** How strictly the door is kept. Throws ConfigError where it would stand open to others than this machine's user. */
export const doorSettingsOf = (config: GatewayVariables & Pick<BaseConfig, 'ENVIRONMENT'>): DoorSettings => {
  const environment = config.ENVIRONMENT;
  if (!config.DASHBOARD_AUTH_STRICT && !isLocalEnvironment(environment)) {
    throw new ConfigError('gateway', [
      'DASHBOARD_AUTH_STRICT is off, and this environment is neither local nor a test. Set it to true, or leave it out.',
    ]);
  }
  if (config.REQUEST_HEAD_TIMEOUT_MS > config.REQUEST_TIMEOUT_MS) {
    throw new ConfigError('gateway', [
      'REQUEST_HEAD_TIMEOUT_MS is more than REQUEST_TIMEOUT_MS, of which it is a part. Set a smaller number.',
    ]);
  }
  const minute = (takesMax: number) => ({ takesMax, perSeconds: 60 });
  return {
    environment,
    isLocal: isLocalEnvironment(environment),
    authentication: config.DASHBOARD_AUTH_STRICT ? 'strict' : 'relaxed',
    queryTokens: config.DASHBOARD_QUERY_TOKEN_ENABLED ? 'taken' : 'refused',
    allowedOrigins: config.CORS_ALLOWED_ORIGINS ?? [],
    trustedHops: config.TRUST_PROXY_HOPS,
    sessionIdleSeconds: config.CONTEXT_STATE_TTL_SECONDS,
    sessionLifeSeconds: 7 * 86_400,
    limits: {
      login: { takesMax: 5, perSeconds: 300 },
      'wrong-token': { takesMax: 20, perSeconds: 300 },
      inngest: minute(config.RATE_LIMIT_INNGEST_PER_MINUTE),
      // Four megabytes cost the scheduler half a second before it knows that their signature is wrong.
      'inngest-large': { takesMax: 6, perSeconds: 60 },
      read: minute(config.RATE_LIMIT_READ_PER_MINUTE),
      write: minute(config.RATE_LIMIT_WRITE_PER_MINUTE),
      upload: minute(config.RATE_LIMIT_UPLOAD_PER_MINUTE),
      expensive: minute(config.RATE_LIMIT_EXPENSIVE_PER_MINUTE),
      stream: minute(config.RATE_LIMIT_STREAM_PER_MINUTE),
    },
    eventStreamsMax: config.EVENT_STREAMS_MAX,
    eventStreamsPerPersonMax: config.EVENT_STREAMS_PER_PERSON_MAX,
  };
};
