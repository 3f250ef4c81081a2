import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceNameSchema } from '@caio/contracts';
import { removeNamespace } from '../once/namespace.ts';
import { bundlePrograms } from '../stack/bundles.ts';
import { type Child, isServiceReady, startChild } from '../stack/child-process.ts';
import { freePorts } from '../stack/free-ports.ts';
import { resolveRedis } from '../stack/redis.ts';
import { createStackSecrets } from '../stack/secrets.ts';
import { startStack } from '../stack/stack.ts';
import { allPermissions, type StackSettings } from '../stack/stack-settings.ts';
import type { Bench } from './bench.ts';
import { measureRounds } from './rounds.ts';
import { judgeFigures } from './verdict.ts';

const budgetMb = 90;
// V8 gives back what starting up took only after some quiet seconds.
const idleMs = 30_000;
const bareIdleMs = 3_000;
const readyMs = 20_000;
const stopMs = 8_000;
const reference = 'bare Node';
const bareServer =
  "require('node:http').createServer((_, res) => res.end()).listen(0, '127.0.0.1', () => console.log('{\"ready\":true}'))";

const rollup = (pid: number | 'self'): string => `/proc/${pid}/smaps_rollup`;

/** What a process holds in memory, in MB (2^20 bytes), its share of files other processes hold too included. */
const residentMb = (pid: number): number => {
  const kilobytes = /^Rss:\s+(\d+) kB$/m.exec(readFileSync(rollup(pid), 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`the system does not say what process ${pid} holds`);
  return Number(kilobytes) / 1_024;
};

/** The memory of the four services when nothing is asked of them, started exactly as the local stack starts them. */
export const memoryBench: Bench = {
  name: 'memory',
  measures: `resident memory of each service after ${idleMs / 1_000} idle seconds`,
  rounds: 3,
  run: async ({ root, rounds, say }) => {
    if (!existsSync(rollup('self'))) {
      throw new Error('The memory of a process is read from /proc, which only Linux has. Run it there.');
    }
    const programs = await bundlePrograms(root);
    const redis = await resolveRedis(root, { noInstall: false, purpose: 'check' });
    const environment = `test-bench-${randomBytes(6).toString('hex')}`;
    const recordsDir = mkdtempSync(join(tmpdir(), 'caio-bench-'));
    try {
      const settings: Omit<StackSettings, 'ports'> = {
        root,
        environment,
        redisUrl: redis.url,
        secrets: createStackSecrets(),
        users: [
          {
            principal: { name: 'bench', permissions: allPermissions },
            token: randomBytes(24).toString('base64url'),
          },
        ],
        policyFile: join(root, 'config/policy/local.json'),
        copyPackDir: join(root, 'config/copy-pack/harbor-pine'),
        deliveryMode: 'sandbox',
        recordsDir,
        inngestUrl: null,
        extra: {},
      };
      const services = {
        name: 'services',
        sample: async () => {
          const stack = await startStack({ ...settings, ports: await freePorts() }, programs);
          try {
            await pause(idleMs);
            return residentByName(stack.children);
          } finally {
            await stack.stop();
          }
        },
      };
      const bare = {
        name: reference,
        sample: async () => {
          const child = await startBareNode(recordsDir);
          try {
            await pause(bareIdleMs);
            return residentByName([child]);
          } finally {
            await child.stop(stopMs);
          }
        },
      };
      const figures = await measureRounds({
        subjects: [bare, services],
        rounds,
        onSample: (name, done, total) => say(`  ${done} of ${total}: ${name}`),
      });
      const budgets = serviceNameSchema.options.map((part) => ({
        part,
        against: reference,
        limit: { of: 'figure' as const, max: budgetMb },
      }));
      return {
        bench: 'memory',
        unit: 'MB',
        rounds,
        verdicts: judgeFigures(figures, budgets),
        remarks: [],
      };
    } finally {
      await removeNamespace(redis.url, environment);
      await redis.stop();
      rmSync(recordsDir, { recursive: true, force: true });
    }
  },
};

const residentByName = (children: readonly Child[]): Record<string, number> =>
  Object.fromEntries(children.map(({ name, pid }) => [name, residentMb(pid)]));

const startBareNode = (recordsDir: string): Promise<Child> =>
  startChild({
    name: reference,
    command: process.execPath,
    args: ['-e', bareServer],
    environment: {},
    logFile: join(recordsDir, 'logs', 'bare-node.log'),
    ready: { line: isServiceReady },
    readyMs,
  });
