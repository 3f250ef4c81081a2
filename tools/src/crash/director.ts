import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '@caio/test-kit';
import { createJobQueue } from '@caio/state-store';
import { actionIdSchema, batchIdSchema, executionIdSchema } from '@caio/contracts';
import { type Bar, elsewhere } from './evidence.ts';
import type { ApprovedDraft } from './people.ts';
import type { Mishap, Scenario } from './scenario.ts';
import { codeOf, type Story } from './story.ts';
import type { World } from './world.ts';

const haltedMs = 900;

/** Carries out what a scenario has in store while its messages leave, and remembers what was forbidden since when. */
export const createDirector = (scenario: Scenario, world: World, story: Story) => {
  const { ask, keys, store, simulator } = world;
  const random = createRandom(scenario.seed + 7_919);
  const bars: Bar[] = [];
  const demanded = new Map<string, { status: string; reason: string | null }>();
  let isHalted = false;

  const bar = (why: Bar['why'], personKeys: readonly string[] | null): Bar => {
    const one = { why, personKeys, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY };
    bars.push(one);
    return one;
  };

  /** Somebody the provider has nothing for yet, if there is one. */
  const somebody = (): ApprovedDraft | undefined => {
    const has = new Set(simulator.log().map(({ email }) => email));
    const waiting = story.state.approved.filter(({ email }) => !has.has(email));
    const from = waiting.length > 0 ? waiting : story.state.approved;
    return from[Math.floor(random() * from.length)];
  };

  const waitingActions = async (): Promise<string[]> => {
    const ids: string[] = [];
    for (const batchId of story.state.batchIds)
      ids.push(...(await store.redis.zrange(keys.batchActions(batchId), '0', '-1')));
    const statuses = await Promise.all(ids.map((id) => store.redis.hget(keys.action(id), 'status')));
    return ids.filter((_, place) => statuses[place] === 'queued' || statuses[place] === 'frozen');
  };

  const lift = async (one: Bar): Promise<void> => {
    one.toMs = Math.min(one.toMs, Date.now());
    await ask('POST', '/api/halt/lift', { reason: 'the rehearsal goes on' });
    isHalted = false;
  };

  const lateJobs = async (): Promise<void> => {
    const redis = store.redis.duplicate({ maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    const queue = createJobQueue({ queue: 'dispatch', redis, keys, onError: () => undefined });
    const jobs = [];
    for (const id of await waitingActions()) {
      const [batchId, executionId, fence] = await store.redis.hmget(
        keys.action(id),
        'batchId',
        'executionId',
        'fence',
      );
      jobs.push({
        id: `${id}-late`,
        payload: {
          actionId: actionIdSchema.parse(id),
          batchId: batchIdSchema.parse(batchId),
          executionId: executionIdSchema.parse(executionId ?? ''),
          fence: Number(fence) + 1,
          attempt: 900,
          correlationId: 'late-job',
        },
      });
    }
    await queue.addMany(jobs);
    await queue.close();
    redis.disconnect();
  };

  const change = async (why: 'mode_changed' | 'policy_changed'): Promise<void> => {
    if (why === 'mode_changed') world.settings.deliveryMode = 'log-only';
    else world.settings.revision += 1;
    const before = new Set(world.members.map((member) => member.pid()));
    await Promise.all(world.members.map((member) => member.restart()));
    while (!world.members.every((member) => member.isUp() && !before.has(member.pid()))) await pause(20);
    bar(why, null);
  };

  const carryOut = async ({ kind }: Mishap): Promise<void> => {
    switch (kind) {
      case 'store-restart':
      case 'store-older':
        return strike(kind);
      case 'halt': {
        await ask('POST', '/api/halt', { reason: 'a person stops everything in a rehearsal' });
        isHalted = true;
        const one = bar('halted', null);
        await pause(haltedMs);
        return lift(one);
      }
      case 'opt-out':
      case 'exclusion': {
        const person = somebody();
        if (person === undefined) return;
        const answer =
          kind === 'opt-out'
            ? await ask('POST', '/api/suppressions', { person: person.email, reason: 'unsubscribed' })
            : await ask('POST', '/api/exclusions', {
                add: [{ key: `email:${person.email}`, kind: 'customer' }],
              });
        if (answer.status >= 400)
          throw new Error(`${kind} was answered ${answer.status} ${codeOf(answer.body)}`);
        bar(kind === 'opt-out' ? 'suppressed' : 'excluded', [`email:${person.email}`]);
        return;
      }
      case 'pending-opt-out': {
        // What the webhooks service stores before anything else, and the gatekeeper has not got to yet.
        const person = somebody();
        if (person === undefined) return;
        await store.redis.hset(keys.optOutsPending, `email:${person.email}`, 'delivery');
        bar('suppressed', [`email:${person.email}`]);
        return;
      }
      case 'lose-request':
      case 'lose-reply':
        return world.door.lose(kind === 'lose-reply' ? 'reply' : 'request', world.admitKeyCount);
      case 'late-job':
        return lateJobs();
      case 'claim-again':
        for (const batchId of story.state.batchIds) await ask('POST', `/api/batches/${batchId}/execute`);
        return;
      case 'change-bytes': {
        const [id = ''] = (await waitingActions()).slice(-1);
        const bytes = (await store.redis.hget(keys.action(id), 'bytes')) ?? '';
        await store.redis.hset(keys.action(id), 'bytes', bytes.replace('"body":"', '"body":"P.S. '));
        demanded.set(id, { status: 'blocked', reason: 'content_mismatch' });
        return;
      }
      case 'person-elsewhere': {
        const [id = ''] = (await waitingActions()).slice(-1);
        const email = await store.redis.hget(keys.action(id), 'email');
        await store.redis.hset(keys.inFlight('sandbox'), `email:${email ?? ''}`, elsewhere);
        demanded.set(id, { status: 'blocked', reason: 'person_in_flight' });
        return;
      }
      case 'change-mode':
        return change('mode_changed');
      case 'change-policy':
        return change('policy_changed');
      case 'expire': {
        for (const batchId of story.state.batchIds) {
          await store.redis.hset(keys.batch(batchId), 'expiresAtMs', Date.now() - 1);
        }
        bar('batch_expired', null);
        return;
      }
      case 'take-back': {
        const [first] = simulator.log();
        if (first?.actionId === undefined || first.actionId === null) return;
        await ask('POST', `/api/actions/${first.actionId}/take-back`, {
          reason: 'a person asks for it in a rehearsal',
        });
        bar('suppressed', []);
        return;
      }
    }
  };

  /** Whoever forbade something and whose store may have forgotten it says it again; in between nothing is promised. */
  const strike = async (kind: 'store-restart' | 'store-older'): Promise<void> => {
    const older = kind === 'store-older' && story.state.isExecuting;
    if (older) for (const one of bars) one.toMs = Math.min(one.toMs, Date.now());
    await store.strike(older ? 'store-older' : 'store-restart');
  };

  return {
    bars,
    demanded,
    /** What the provider changed is not what was approved, and nobody but a person can say what becomes of it. */
    demandPersons: async (): Promise<void> => {
      const changed = new Set(
        scenario.provider.flatMap(({ effect, email }) =>
          effect.kind === 'alter' && email !== undefined ? [email] : [],
        ),
      );
      if (changed.size === 0) return;
      for (const id of await waitingActions()) {
        const email = await store.redis.hget(keys.action(id), 'email');
        if (email !== null && changed.has(email)) demanded.set(id, { status: 'unknown', reason: null });
      }
    },
    carryOut,
    strike,
    isHalted: (): boolean => isHalted,
    /** What a stop that the system set itself needs: somebody looks, says again what was forbidden, and lifts it. */
    liftOwnStop: async (): Promise<void> => {
      if ((await store.redis.hget(keys.halt, 'active')) !== '1' || isHalted) return;
      for (const { why, personKeys } of [...bars]) {
        const person = personKeys?.[0]?.slice('email:'.length);
        if (person === undefined) continue;
        if (why === 'suppressed') await ask('POST', '/api/suppressions', { person, reason: 'unsubscribed' });
        if (why === 'excluded')
          await ask('POST', '/api/exclusions', {
            add: [{ key: `email:${person}`, kind: 'customer' }],
          });
        bar(why, personKeys);
      }
      await ask('POST', '/api/halt/lift', { reason: 'the lists were put back' });
    },
  };
};
