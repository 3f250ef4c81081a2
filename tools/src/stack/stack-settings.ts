import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { permissionSchema, type Principal, type ServiceName } from '@caio/contracts';
import type { StackSecrets } from './secrets.ts';

export interface StackPorts extends Readonly<Record<ServiceName, number>> {
  readonly simulator: number;
  readonly inngest: number;
}

/** The ports of `npm start`, the same every day so that a bookmark works; `gateway` moves all of them. */
export const portsFrom = (gateway: number): StackPorts =>
  Object.freeze({
    gateway,
    gatekeeper: gateway + 1,
    scheduler: gateway + 2,
    webhooks: gateway + 3,
    simulator: gateway + 10,
    inngest: gateway + 208,
  });

/** A person or program of this stack and the token it gets in with. */
export interface StackUser {
  readonly principal: Principal;
  readonly token: string;
}

export interface StackSettings {
  readonly root: string;
  readonly environment: string;
  readonly redisUrl: string;
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly users: readonly StackUser[];
  readonly policyFile: string;
  readonly copyPackDir: string;
  readonly deliveryMode: 'log-only' | 'sandbox';
  /** Folder for logs and traces. */
  readonly recordsDir: string;
  /** Address of a running Inngest dev server, or null. */
  readonly inngestUrl: string | null;
  /** Of each service; tests rehearse crashes with it. */
  readonly extra: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
}

export const allPermissions = [...permissionSchema.options];

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

const accessTokensOf = (users: readonly StackUser[]): string =>
  JSON.stringify(
    users.map(({ principal, token }) => ({
      name: principal.name,
      sha256: createHash('sha256').update(token).digest('hex'),
      permissions: principal.permissions,
    })),
  );

/** The environment of one service: all it is given, so that nothing leaks in from the shell that started us. */
export const serviceEnvironment = (settings: StackSettings, service: ServiceName): Record<string, string> => {
  const { ports, secrets } = settings;
  const shared = {
    ENVIRONMENT: settings.environment,
    HOST: '127.0.0.1',
    PORT: String(ports[service]),
    REDIS_URL: settings.redisUrl,
    LOG_LEVEL: 'info',
    TRACE_ENVELOPE_FILE: join(settings.recordsDir, 'traces', `tool_trace_envelopes.${service}.jsonl`),
    SERVICE_PRIVATE_KEY: secrets.privateKeys[service],
    SERVICE_PUBLIC_KEYS: secrets.publicKeys,
    DRAIN_MS: '5000',
    CAIO_PARENT_PID: String(process.pid),
    NODE_ENV: 'production',
  };
  const own: Record<ServiceName, Record<string, string>> = {
    gateway: {
      GATEKEEPER_URL: urlOf(ports.gatekeeper),
      SCHEDULER_URL: urlOf(ports.scheduler),
      WEBHOOKS_URL: urlOf(ports.webhooks),
      ACCESS_TOKENS: accessTokensOf(settings.users),
      // The demo reviewer of --once approves thousands of drafts one by one, faster than any person.
      RATE_LIMIT_READ_PER_MINUTE: '100000',
      RATE_LIMIT_WRITE_PER_MINUTE: '100000',
    },
    gatekeeper: {
      PUBLIC_BASE_URL: urlOf(ports.gateway),
      POLICY_FILE: settings.policyFile,
      COPY_PACK_DIR: settings.copyPackDir,
      PSEUDONYM_KEY: secrets.pseudonymKey,
      AUDIT_SEAL_KEY: secrets.auditSealKey,
      AUDIT_HEADS_FILE: join(settings.recordsDir, 'audit', 'heads.jsonl'),
      UNSUBSCRIBE_SECRET: secrets.unsubscribeSecret,
      DELIVERY_MODE_EMAIL: settings.deliveryMode,
      DELIVERY_MODE_LINKEDIN: settings.deliveryMode,
      SANDBOX_URL: urlOf(ports.simulator),
      SANDBOX_API_KEY: secrets.sandboxApiKey,
    },
    scheduler: {
      GATEKEEPER_URL: urlOf(ports.gatekeeper),
      COPY_PACK_DIR: settings.copyPackDir,
      ...(settings.inngestUrl === null ? {} : { INNGEST_DEV: settings.inngestUrl }),
    },
    webhooks: { UNSUBSCRIBE_SECRET: secrets.unsubscribeSecret },
  };
  return { ...shared, ...own[service], ...settings.extra[service] };
};
