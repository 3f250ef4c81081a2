import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServer, startRedis } from '@caio/test-kit';
import { createApiClient } from '../../api/api-client.ts';
import { createOutreachApi } from '../../api/outreach-api.ts';
import { bundlePrograms } from '../../stack/bundles.ts';
import { freePorts } from '../../stack/free-ports.ts';
import { createStackSecrets } from '../../stack/secrets.ts';
import { startStack } from '../../stack/stack.ts';
import { allPermissions, type StackSettings } from '../../stack/stack-settings.ts';
import { root as rootOfTests } from './gatekeeper-process.ts';

/** The four services, the simulator and a Redis of their own, and a client that may do everything. */
export const startTestStack = async ({
  token = `test-${randomUUID()}`,
  root = rootOfTests,
  ...changes
}: Partial<StackSettings> & { readonly token?: string } = {}) => {
  const programs = await bundlePrograms(root);
  const redis: RedisServer = await startRedis({ aof: 'everysec' });
  const recordsDir = mkdtempSync(join(tmpdir(), 'caio-stack-'));
  const settings: StackSettings = {
    root,
    environment: 'test-stack',
    redisUrl: redis.url,
    ports: await freePorts(),
    secrets: createStackSecrets(),
    users: [{ principal: { name: 'tester', permissions: allPermissions }, token }],
    policyFile: join(root, 'config/policy/local.json'),
    copyPackDir: join(root, 'config/copy-pack/harbor-pine'),
    deliveryMode: 'sandbox',
    recordsDir,
    inngestUrl: null,
    extra: {},
    ...changes,
  };
  const stack = await startStack(settings, programs).catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  const client = createApiClient({ baseUrl: stack.gatewayUrl, token, correlationId: `test-${randomUUID()}` });
  return {
    stack,
    settings,
    programs,
    redis,
    client,
    token,
    api: createOutreachApi(client),
    recordsDir,
    close: async (): Promise<void> => {
      await stack.stop();
      await redis.stop();
      rmSync(recordsDir, { recursive: true, force: true });
    },
  };
};

export type TestStack = Awaited<ReturnType<typeof startTestStack>>;
