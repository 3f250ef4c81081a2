// Risk: a person who asked to be erased is still in the store, is less protected than before, or takes the audit with them.
import { digestSchema, type Lead } from '@caio/contracts';
import { exclusionKeysOf, suppressionKeysOf } from '@caio/outreach-core';
import {
  createBarredReach,
  createListChanges,
  createPersonErasure,
  createPersonRecords,
  createRunStore,
  createStoredMentions,
} from '@caio/state-store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GateBench } from '../testing/gate-bench.ts';
import type { Http } from '../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../testing/route-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createErasePerson } from './erase-person.ts';
import { createPersonMention } from './person-mention.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  const provider = createScriptedProvider({ holdsBeforeMailing: false });
  ({ bench, http } = await routes.create({ provider: provider.adapter }));
});
afterAll(() => routes.close());

const slug = 'mira-sandvik-81';
const email = 'mira.sandvik@lindgrove.example';
const leadOfMira = (): Lead =>
  routes.benches.leadOf({
    ...{ email, companyDomain: 'lindgrove.example', firstName: 'Mira' },
    linkedinUrl: `https://www.linkedin.com/in/${slug}`,
  });

/** Every key and value of the environment as text, read without the code under test. */
const everything = async (): Promise<string[]> => {
  const texts: string[] = [];
  for (const key of await bench.redis.keys(`${bench.keys.root}:*`)) {
    const type = await bench.redis.type(key);
    const value =
      type === 'hash'
        ? Object.entries(await bench.redis.hgetall(key)).sort()
        : type === 'set'
          ? (await bench.redis.smembers(key)).sort()
          : type === 'zset'
            ? await bench.redis.zrange(key, '0', '-1')
            : type === 'list'
              ? await bench.redis.lrange(key, 0, -1)
              : type === 'stream'
                ? await bench.redis.xrange(key, '-', '+')
                : await bench.redis.get(key);
    texts.push(`${key} ${JSON.stringify(value)}`);
  }
  return texts;
};
const placesNamingMira = async (): Promise<string[]> =>
  (await everything()).filter((text) => /mira/i.test(text)).sort();

const execute = async (lead: Lead): Promise<string> => {
  await bench.approvedDraft(lead);
  const { frozen } = await bench.freeze();
  await bench.approveBatch(frozen.batchId, frozen.previewHash);
  await bench.executeBatch({ ...bench.by, batchId: frozen.batchId });
  return frozen.preview.actions[0]?.actionId ?? '';
};
const send = async (lead: Lead): Promise<string> => {
  const actionId = await execute(lead);
  for (const job of await bench.actions.takeDue(10, 60_000)) await bench.dispatch(job);
  return actionId;
};

/** A person in every place that the store has for one. */
const fill = async (): Promise<{ actionId: string; bystander: string }> => {
  const actionId = await send(leadOfMira());
  const { redis, keys } = bench;
  const bystander = await bench.pendingDraft();
  await bench.evidence.save(actionId, {
    ...{
      contentType: 'message/rfc822',
      content: `To: ${email}`,
      contentDigest: digestSchema.parse('a'.repeat(64)),
    },
    ...{ attemptId: 'attempt-1', savedAt: new Date().toISOString() },
  });
  const row = { verdict: 'drafted' as const, tier: null, score: null, reasons: [], physicalLine: 2 };
  await createRunStore(bench.session).saveRows('run-1', [
    {
      ...row,
      line: 2,
      email: email.toUpperCase(),
      problems: [{ column: 'E-mail', value: email, reason: 'x' }],
    },
    { ...row, line: 3, email: 'another@lindgrove.example' },
  ]);
  await redis.hset(
    `${keys.queuePrefix}:signals:job-1`,
    'data',
    JSON.stringify({ personKeys: [`email:${email}`] }),
  );
  await redis.zadd(`${keys.queuePrefix}:signals:completed`, 1, 'job-1');
  await redis.hset(keys.optOutsPending, `email:${email}`, 'delivery-1');
  await redis.hset(keys.contacts('real'), `email:${email}`, '1');
  await redis.sadd(keys.allowList, `linkedin:${slug}`);
  await redis.hset(keys.customers, `email:${email}`, '{}');
  const batchKey = keys.batch((await bench.receiptOf(actionId))?.batchId ?? '');
  await redis.hset(
    batchKey,
    'leftOut',
    JSON.stringify([{ draftId: bystander.draftId, email, reason: 'suppressed' }]),
  );
  await http.post('/api/exclusions', { add: [{ key: email, kind: 'personal' }], remove: [] });
  await http.post('/api/suppressions', {
    person: `https://www.linkedin.com/in/${slug}`,
    reason: 'complained',
  });
  return { actionId, bystander: bystander.draftId };
};

const erase = (more: object = {}) =>
  http.post('/api/subjects/erase', { person: email, reason: 'requested', apply: true, ...more });

describe('an erased person', () => {
  test('is nowhere in the store, stays barred under every name, and the audit holds', async () => {
    const { actionId, bystander } = await fill();
    expect((await placesNamingMira()).length).toBeGreaterThan(12);
    const shown = await erase({ apply: false });
    expect(shown.body).toMatchObject({ applied: false, drafts: 1, actions: 1, left: [] });
    expect((await bench.receiptOf(actionId))?.email).toBe(email);

    const exported = (await http.post('/api/subjects/export', { person: email })).body;
    expect(exported.messages[0].message).toContain(email);
    expect(exported.evidence).toMatchObject([{ actionId, content: `To: ${email}` }]);
    expect(exported.runRows).toMatchObject([{ line: 2 }]);
    expect(JSON.stringify(exported)).not.toContain('another@');

    expect((await erase()).body).toMatchObject({ applied: true, left: [] });
    expect(await placesNamingMira()).toEqual([]);

    const again = await bench.submit(await routes.benches.submissionOf(leadOfMira()));
    expect(again).toMatchObject({ outcome: 'excluded', reasons: ['suppressed'] });
    const onlyProfile = { ...leadOfMira(), email: 'other@lindgrove.example' };
    expect(await bench.submit(await routes.benches.submissionOf(onlyProfile))).toMatchObject({
      reasons: ['suppressed'],
    });
    const kept = await bench.redis.hgetall(bench.keys.suppressions);
    const pseudonyms = suppressionKeysOf(leadOfMira()).map(routes.benches.pseudonym);
    expect(pseudonyms.map((one) => JSON.parse(kept[one] ?? '{}').reason).sort()).toEqual([
      ...['complained', 'erased'],
    ]);

    expect(await bench.receiptOf(actionId)).toMatchObject({ outcome: 'left', email: '(erased)' });
    expect(await bench.actions.read(actionId)).toMatchObject({
      status: 'left',
      bytes: '',
      email: '(erased)',
    });
    expect(await bench.drafts.readMany([bystander])).toHaveLength(1);
    expect(await createRunStore(bench.session).readRows('run-1', [2, 3])).toMatchObject([
      { email: null, verdict: 'drafted' },
      { email: 'another@lindgrove.example' },
    ]);
    expect(await createBarredReach(bench.session, exclusionKeysOf).openUnder([`email:${email}`])).toEqual([]);
    expect((await http.get('/api/audit/verify')).body).toMatchObject({ ok: true });
    const rows = (await bench.auditRows()).filter(({ kind }) => kind === 'person.erased');
    expect(rows).toMatchObject([{ code: 'requested', who: routes.benches.pseudonym(`email:${email}`) }]);

    // What shows records goes on; a message without its text is not taken for a damaged one.
    const batchId = (await bench.receiptOf(actionId))?.batchId ?? '';
    expect((await http.get(`/api/batches/${batchId}/preview`)).body).toMatchObject({ items: [] });
    for (const path of [`batches/${batchId}/receipts`, 'reviews', 'queue-status', 'drafts', 'suppressions'])
      expect([path, (await http.get(`/api/${path}`)).status]).toEqual([path, 200]);
    expect((await http.get(`/api/actions/${actionId}/evidence`)).status).toBe(404);
    expect((await http.get(`/api/actions/${actionId}/comparison`)).status).toBe(404);

    // Once more, also by the name that nothing knows any more: nothing happens, and nothing is written.
    const before = await everything();
    expect((await erase()).body).toMatchObject({ drafts: 0, actions: 0, places: [], left: [] });
    // Tokens come with every call, and the rest after a send ends by itself.
    const lasting = (texts: string[]) =>
      texts.filter((text) => !/:(?:used-token|last-send):/.test(text)).sort();
    expect(lasting(await everything())).toEqual(lasting(before));
  });

  test.each(['bar', 'eraseConsents', 'forgetNames', 'clear', 'blankAction', 'dropDraft'])(
    'is barred from the first step on, and erased by asking again when it stopped at %s',
    async (stopAt) => {
      await fill();
      const { session, by } = bench;
      const found = await http.post('/api/people/find', { person: email });
      const steps = { ...createPersonErasure(session) };
      const changes = createListChanges(session);
      const stop = () => Promise.reject(new Error('the process ended here'));
      const subjects = (isStopped: boolean) =>
        createErasePerson({
          ...{ ...bench, pseudonym: routes.benches.pseudonym },
          people: createPersonRecords(session),
          stored: createStoredMentions(session),
          erasure: isStopped ? { ...steps, [stopAt]: stop } : steps,
          changes: isStopped && stopAt === 'eraseConsents' ? { ...changes, eraseConsents: stop } : changes,
          findPerson: () => Promise.resolve({ outcome: 'found', record: found.body }),
        });
      const request = { ...by, person: email, reason: 'requested', apply: true };
      await expect(subjects(true).erase(request)).rejects.toThrow('ended here');
      const posted = await bench.submit(await routes.benches.submissionOf(leadOfMira()));
      expect(posted.outcome).toBe('excluded');
      expect(await subjects(false).erase(request)).toMatchObject({ erased: { left: [] } });
      expect(await placesNamingMira()).toEqual([]);
    },
  );

  test('whose batch was rejected leaves an action that can never be sent', async () => {
    await bench.approvedDraft(leadOfMira());
    const { frozen } = await bench.freeze();
    const answer = await erase();
    expect([codeOf(answer), answer.body.error.details.status]).toEqual(['state_conflict', 'frozen']);
    await http.post(`/api/batches/${frozen.batchId}/reject`, { reason: 'asked to be erased' });
    expect((await erase()).body).toMatchObject({ applied: true, left: [] });
    expect(await placesNamingMira()).toEqual([]);
    const actionId = frozen.preview.actions[0]?.actionId ?? '';
    expect(await bench.receiptOf(actionId)).toMatchObject({ outcome: 'blocked', email: '(erased)' });
    expect((await http.get(`/api/batches/${frozen.batchId}`)).status).toBe(200);
  });
});

describe('nothing is erased', () => {
  test('while a message waits to be sent or is held by its provider', async () => {
    const provider = createScriptedProvider();
    ({ bench, http } = await routes.create({ provider: provider.adapter }));
    const actionId = await execute(leadOfMira());
    const stands = async () => {
      const before = await placesNamingMira();
      const answer = await erase();
      expect(answer.status).toBe(409);
      expect(await placesNamingMira()).toEqual(before);
      return answer.body.error.details;
    };
    expect(await stands()).toEqual({ actionId, status: 'queued' });
    for (const status of ['sending', 'unknown']) {
      await bench.redis.hset(bench.keys.action(actionId), 'status', status);
      expect(await stands()).toEqual({ actionId, status });
    }
    await bench.redis.hset(bench.keys.action(actionId), 'status', 'queued');
    for (const job of await bench.actions.takeDue(10, 60_000)) await bench.dispatch(job);
    expect(await stands()).toEqual({ actionId, status: 'handed_over' });
    expect(await bench.lists.counts()).toMatchObject({ suppressions: 0 });
  });

  test('of a job that is not done: it is named, the drafts stay, and asking again ends it', async () => {
    await fill();
    const job = `${bench.keys.queuePrefix}:signals:job-2`;
    await bench.redis.hset(job, 'data', JSON.stringify({ personKeys: [`linkedin:${slug}`] }));
    expect((await erase()).body.left).toEqual([{ place: job, entries: 1 }]);
    await bench.redis.zadd(`${bench.keys.queuePrefix}:signals:completed`, 1, 'job-2');
    expect((await erase()).body.left).toEqual([]);
    expect(await placesNamingMira()).toEqual([]);
  });

  test('without the permission for it, or by nobody in person', async () => {
    const body = { person: email, reason: 'requested', apply: true };
    const others = await http.post('/api/subjects/erase', body, { permissions: ['suppressions:write'] });
    expect(others.status).toBe(403);
    expect((await http.post('/api/subjects/erase', body, { user: 'dashboard' })).status).toBe(403);
    expect((await erase({ person: 'lindgrove.example' })).status).toBe(400);
  });
});

test.each([
  ['{"a":"say\\nMira.Sandvik@lindgrove.example"}', true],
  [`mailto%3a${email}.`, true],
  [`https:\\/\\/linkedin.com\\/in\\/${slug}\\/`, true],
  [`x${email}`, false],
  [`${email}.org`, false],
  [`linkedin:${slug}2`, false],
  [slug, false],
])('a text names a person by the whole of their name: %s', (text, expected) => {
  expect(createPersonMention([`email:${email}`, `linkedin:${slug}`])(text)).toBe(expected);
});
