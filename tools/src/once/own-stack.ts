import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Permission } from '@caio/contracts';
import { type ApiClient, createApiClient } from '../api/api-client.ts';
import { bundlePrograms } from '../stack/bundles.ts';
import { ChildFailure } from '../stack/child-process.ts';
import { freePorts, refuseTakenPort } from '../stack/free-ports.ts';
import { archiveLogs } from '../stack/log-archive.ts';
import { makeFilesPrivately } from '../stack/private-files.ts';
import { resolveRedis } from '../stack/redis.ts';
import { createStackSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { portsFrom, type StackUser } from '../stack/stack-settings.ts';
import { whenAskedToStop } from '../stack/stop-request.ts';
import { createUndo } from '../stack/undo.ts';
import { removeNamespace } from './namespace.ts';

export interface OwnStackOptions {
  /** The repository's root. */
  readonly root: string;
  /** What the stack is for; part of its environment's name. */
  readonly purpose: string;
  readonly users: readonly StackUser[];
  readonly policyFile: string;
  readonly copyPackDir: string;
  readonly install: boolean;
  /** Of the gateway; null takes free ones. */
  readonly port: number | null;
  /** Folder for logs and traces; null takes one that is removed afterwards. */
  readonly recordsDir: string | null;
  readonly say: (line: string) => void;
}

export interface OwnStack {
  readonly stack: Stack;
  readonly redisUrl: string;
  readonly environment: string;
  /** The key of the simulator's vendor API. */
  readonly sandboxApiKey: string;
  readonly clientOf: (user: StackUser) => ApiClient;
}

export const stackUser = (name: string, permissions: Permission[]): StackUser => ({
  principal: { name, permissions },
  token: randomBytes(24).toString('base64url'),
});

/**
 * Does a job on the four services and the provider simulator, in a namespace of its own that is removed afterwards,
 * whatever came of it. Throws `ChildFailure` with one sentence when a part of it ends or somebody presses Ctrl-C.
 */
export const onOwnStack = async <Result>(
  options: OwnStackOptions,
  job: (own: OwnStack) => Promise<Result>,
): Promise<Result> => {
  const asked = whenAskedToStop().then((signal): never => {
    throw new ChildFailure(`Stopped by ${signal}; nothing of this run stays.`);
  });
  asked.catch(() => undefined);
  const ports = options.port === null ? await freePorts() : portsFrom(options.port);
  await refuseTakenPort(ports);
  const programs = await Promise.race([
    bundlePrograms(options.root, () => options.say('Preparing the services …')),
    asked,
  ]);
  const recordsDir = options.recordsDir ?? mkdtempSync(join(tmpdir(), `caio-${options.purpose}-`));
  const environment = `test-${options.purpose}-${randomBytes(6).toString('hex')}`;
  const undo = createUndo();
  if (options.recordsDir === null) undo.add(() => rmSync(recordsDir, { recursive: true, force: true }));
  try {
    archiveLogs(join(recordsDir, 'logs'));
    const redis = await Promise.race([
      resolveRedis(options.root, { noInstall: !options.install, purpose: 'check' }),
      asked,
    ]);
    undo.add(redis.stop);
    makeFilesPrivately();
    undo.add(() => removeNamespace(redis.url, environment));
    const { root, users, policyFile, copyPackDir } = options;
    const secrets = createStackSecrets();
    const stack = await startStack(
      {
        ...{ root, environment, ports, users, policyFile, copyPackDir, recordsDir },
        ...{ redisUrl: redis.url, secrets, deliveryMode: 'sandbox' },
        ...{ inngestUrl: null, extra: {} },
      },
      programs,
    );
    undo.add(stack.stop);
    const correlationId = `${options.purpose}-${randomUUID()}`;
    const broken = stack.broken.then((how): never => {
      throw new ChildFailure(how);
    });
    const done = job({
      ...{ stack, environment, redisUrl: redis.url, sandboxApiKey: secrets.sandboxApiKey },
      clientOf: ({ token }) => createApiClient({ baseUrl: stack.gatewayUrl, token, correlationId }),
    });
    return await Promise.race([done, asked, broken]);
  } finally {
    await undo.run();
  }
};
