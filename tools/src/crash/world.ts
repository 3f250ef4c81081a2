import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createKeys } from '@caio/state-store';
import { buildPolicy, freePort, type ProviderSimulator, startProviderSimulator } from '@caio/test-kit';
import { createStackSecrets } from '../stack/secrets.ts';
import { serviceEnvironment } from '../stack/stack-settings.ts';
import { openLossyDoor } from './lossy-door.ts';
import { type Answer, createMember, type Member } from './member.ts';
import type { Scenario } from './scenario.ts';
import { openStore } from './store.ts';

interface WorldOptions {
  readonly root: string;
  /** The gatekeeper to try, as one file. */
  readonly bundle: string;
  readonly onFault: (point: string, kind: 'kill' | 'stop', index: number) => void;
}

/** Short, so that what is lost is found within seconds. */
const hastyDispatch = {
  leaseSeconds: 3,
  sendDeadlineMs: 1_200,
  providerTimeoutMs: 1_000,
  retryFirstSeconds: 1,
  retryMaxSeconds: 4,
  attemptsMax: 1_000,
  rest: { faultsMax: 50, firstSeconds: 1, maxSeconds: 2 },
  latenessMaxHours: 24,
};

const hastyQueue = { JOB_LOCK_MS: '1000', JOB_STALL_CHECK_MS: '700', REQUEUE_AFTER_MS: '1500' };

const askAgainMs = 60;
const askMs = 90_000;

/** How many KEYS the script takes, by its file's name. */
const keyCountOf = (root: string, script: string): number => {
  for (const name of readdirSync(join(root, 'libs/state-store/src/scripts'))) {
    const found = new RegExp(`^${script}-(\\d+)\\.lua$`).exec(name);
    if (found !== null) return Number(found[1]);
  }
  throw new Error(`there is no script ${script}`);
};

/** A store, a provider and gatekeeper processes of their own, and the one way to ask them for something. */
export const openWorld = async (scenario: Scenario, options: WorldOptions) => {
  const environment = `test-${scenario.seed.toString(36)}`;
  const folder = mkdtempSync(join(tmpdir(), 'caio-crash-'));
  const store = await openStore(scenario);
  const simulator: ProviderSimulator = await startProviderSimulator({ port: 0 });
  const door = await openLossyDoor(store.port);
  const secrets = createStackSecrets();
  const settings = { revision: 1, deliveryMode: 'sandbox' as 'sandbox' | 'log-only' };
  const writePolicy = (): string => {
    const file = join(folder, `policy-${settings.revision}.json`);
    writeFileSync(
      file,
      JSON.stringify(
        buildPolicy({
          dispatch: { ...buildPolicy().dispatch, ...hastyDispatch },
          revision: settings.revision,
        }),
      ),
    );
    return file;
  };
  writePolicy();

  const members: Member[] = [];
  for (const [index, workers] of scenario.workers.entries()) {
    const port = await freePort();
    const records = join(folder, String(index));
    mkdirSync(join(records, 'traces'), { recursive: true });
    mkdirSync(join(records, 'audit'), { recursive: true });
    members.push(
      createMember({
        ...{ index, port, bundle: options.bundle, folder, secrets },
        lives: scenario.lives[index] ?? [],
        onFault: options.onFault,
        environmentOf: () => ({
          ...serviceEnvironment(
            {
              root: options.root,
              environment,
              redisUrl: door.url,
              ports: {
                ...{ gateway: 1, gatekeeper: port, scheduler: 1, webhooks: 1 },
                ...{ simulator: simulator.port, inngest: 1 },
              },
              secrets,
              users: [],
              policyFile: writePolicy(),
              copyPackDir: join(options.root, 'config/copy-pack/harbor-pine'),
              deliveryMode: settings.deliveryMode,
              recordsDir: records,
              inngestUrl: null,
              extra: {},
            },
            'gatekeeper',
          ),
          ...hastyQueue,
          DISPATCH_CONCURRENCY: String(workers),
        }),
      }),
    );
  }

  let turn = 0;
  /** Of the processes that are up the sound ones first, one after the other. */
  const someone = (): Member | undefined => {
    const sound = members.filter((member) => member.isSound());
    const up = sound.length > 0 ? sound : members.filter((member) => member.isUp());
    turn += 1;
    return up[turn % Math.max(1, up.length)];
  };

  /** Asks until somebody answers something other than "not now"; `askMs` at most. */
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> => {
    const until = performance.now() + askMs;
    let last: unknown = 'nobody is up';
    for (;;) {
      const member = someone();
      if (member !== undefined) {
        try {
          const answer = await member.call(method, path, body);
          if (answer.status < 500 && answer.status !== 401 && answer.status !== 429) return answer;
          last = answer;
        } catch (error) {
          last = error instanceof Error ? error.message : error;
        }
      }
      if (performance.now() > until)
        throw new Error(`${method} ${path} was not answered: ${JSON.stringify(last).slice(0, 300)}`);
      await pause(askAgainMs);
    }
  };

  return {
    ...{ environment, folder, store, simulator, door, secrets, members, ask, settings },
    keys: createKeys(environment),
    admitKeyCount: keyCountOf(options.root, 'admit-action'),
    sendDeadlineMs: hastyDispatch.sendDeadlineMs,
    close: async (): Promise<void> => {
      await Promise.all(members.map((member) => member.close()));
      door.close();
      await simulator.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;
