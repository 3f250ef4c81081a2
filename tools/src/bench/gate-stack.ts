import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServer, startRedis } from '@caio/test-kit';
import { createApiClient } from '../api/api-client.ts';
import { createOutreachApi, type OutreachApi } from '../api/outreach-api.ts';
import { drillLeads } from '../drill/drill-leads.ts';
import { runLeads } from '../once/lead-file-job.ts';
import { approveAll } from '../once/run-once.ts';
import { bundlePrograms } from '../stack/bundles.ts';
import { freePorts } from '../stack/free-ports.ts';
import { createStackSecrets } from '../stack/secrets.ts';
import { startStack } from '../stack/stack.ts';
import { allPermissions } from '../stack/stack-settings.ts';

export interface GateStack {
  readonly api: OutreachApi;
  readonly redis: RedisServer;
  readonly simulatorUrl: string;
  readonly sandboxApiKey: string;
  readonly gatekeeperPid: number;
  readonly recordsDir: string;
  /** Brings in so many made-up people, none of them twice, and approves their drafts; returns the draft ids. */
  readonly bringApproved: (count: number) => Promise<string[]>;
}

/** The services as the local stack starts them, on a Redis of their own that writes each change to the disk (AOF always). */
export const onGateStack = async <Result>(
  root: string,
  job: (gate: GateStack) => Promise<Result>,
): Promise<Result> => {
  const programs = await bundlePrograms(root);
  const redis = await startRedis({ aof: 'always' });
  const recordsDir = mkdtempSync(join(tmpdir(), 'caio-bench-'));
  const token = randomBytes(24).toString('base64url');
  const secrets = createStackSecrets();
  try {
    const stack = await startStack(
      {
        ...{ root, environment: 'test-bench', redisUrl: redis.url, ports: await freePorts(), secrets },
        users: [{ principal: { name: 'bench', permissions: allPermissions }, token }],
        policyFile: join(root, 'config/policy/local.json'),
        copyPackDir: join(root, 'config/copy-pack/harbor-pine'),
        ...{ deliveryMode: 'sandbox', recordsDir, inngestUrl: null, extra: {} },
      },
      programs,
    );
    try {
      const client = createApiClient({ baseUrl: stack.gatewayUrl, token, correlationId: 'bench' });
      const api = createOutreachApi(client);
      const gatekeeper = stack.children.find(({ name }) => name === 'gatekeeper');
      if (gatekeeper === undefined) throw new Error('the gatekeeper does not run');
      let brought = 0;
      return await job({
        ...{ api, redis, recordsDir, sandboxApiKey: secrets.sandboxApiKey },
        ...{ simulatorUrl: stack.simulatorUrl, gatekeeperPid: gatekeeper.pid },
        bringApproved: async (count) => {
          const content = Buffer.from(drillLeads(count, brought));
          brought += count;
          await runLeads(api, { name: 'bench.csv', content, strict: true, map: [] }, () => undefined);
          const approved = [...(await approveAll(api)).keys()];
          if (approved.length !== count)
            throw new Error(`${approved.length} of ${count} made-up people became approved drafts`);
          return approved;
        },
      });
    } finally {
      await stack.stop();
    }
  } finally {
    await redis.stop();
    rmSync(recordsDir, { recursive: true, force: true });
  }
};
