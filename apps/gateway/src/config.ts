import { type AccessToken, parseAccessTokens } from '@caio/auth';
import { ConfigError, secretField, urlField } from '@caio/service-kit';
import { z } from 'zod';

const address = (service: string, port: number) =>
  urlField({ fix: `Set the internal address of the ${service}, e.g. http://${service}:${port}.` });

const accessTokensFix = 'Set a JSON list of {"name","sha256","permissions"}, or leave it out.';

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
});
export type GatewayVariables = z.output<typeof gatewayVariables>;

/** The credentials this gateway knows. Throws ConfigError naming every malformed one, never its value. */
export const accessTokensOf = (config: GatewayVariables): readonly AccessToken[] => {
  const parsed = parseAccessTokens(config);
  if (parsed.ok) return parsed.tokens;
  throw new ConfigError(
    'gateway',
    parsed.problems.map(({ variable, problem, fix }) => `${variable} ${problem}. ${fix}`),
  );
};
