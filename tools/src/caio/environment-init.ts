import { randomBytes } from 'node:crypto';
import { type ServiceName, serviceNameSchema } from '@caio/contracts';
import { createStackSecrets } from '../stack/secrets.ts';

/** The file to make: `.env` for docker compose, `.env.staging` with a block per service for Railway. */
export type EnvironmentKind = 'compose' | 'staging';

export interface FilledEnvironment {
  readonly text: string;
  /** Lines only a person can fill in, as `NAME` or, in a file with blocks, `NAME of the service`. */
  readonly empty: readonly string[];
}

const token = (): string => randomBytes(33).toString('base64url');
/** Inngest takes its keys apart as hexadecimal. */
const hexKey = (): string => randomBytes(32).toString('hex');

const valuesOf = (kind: EnvironmentKind) => {
  const secrets = createStackSecrets();
  const shared: Record<string, string> = {
    SERVICE_PUBLIC_KEYS: secrets.publicKeys,
    PSEUDONYM_KEY: secrets.pseudonymKey,
    AUDIT_SEAL_KEY: secrets.auditSealKey,
    UNSUBSCRIBE_SECRET: secrets.unsubscribeSecret,
    DASHBOARD_AUTH_TOKEN: token(),
    INNGEST_SIGNING_KEY: hexKey(),
    INNGEST_EVENT_KEY: hexKey(),
  };
  if (kind === 'compose') {
    shared['REDIS_PASSWORD'] = token();
    for (const service of serviceNameSchema.options) {
      shared[`${service.toUpperCase()}_PRIVATE_KEY`] = secrets.privateKeys[service];
    }
  }
  return (name: string, service: ServiceName | null): string | undefined =>
    name === 'SERVICE_PRIVATE_KEY' && service !== null ? secrets.privateKeys[service] : shared[name];
};

/**
 * Fills every secret that can be made into a copy of `.env.example` or `.env.staging.example`: the lines that end
 * with `=`, and the access token although it may be left out, since without one nobody gets in.
 */
export const fillEnvironment = (example: string, kind: EnvironmentKind): FilledEnvironment => {
  const valueOf = valuesOf(kind);
  const empty: string[] = [];
  let service: ServiceName | null = null;
  const lines = example.split('\n').map((line) => {
    const heading = serviceNameSchema.safeParse(line.replace(/^# /, ''));
    if (heading.success && kind === 'staging') service = heading.data;
    const [, hidden = '', name = ''] = /^(# )?([A-Z][A-Z0-9_]*)=$/.exec(line) ?? [];
    if (name === '' || (hidden !== '' && name !== 'DASHBOARD_AUTH_TOKEN')) return line;
    const value = valueOf(name, service);
    if (value !== undefined) return `${name}=${value}`;
    empty.push(service === null ? name : `${name} of the ${String(service)}`);
    return line;
  });
  return { text: lines.join('\n'), empty };
};
