// Risk: somebody who said no is written to again, because an old consent, a wrong name or nobody at all took them off the list.
import { createBarredReach, createListChanges } from '@caio/state-store';
import { exclusionKeysOf } from '@caio/outreach-core';
import type { Suppression } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GateBench } from '../testing/gate-bench.ts';
import { type Http, userName } from '../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

const dayMs = 86_400_000;
const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();
const person = 'ada+news@acme.example';
/** Suppressed ten days ago. */
const suppress = async (reason: Suppression['reason'], who = person) => {
  await http.post('/api/suppressions', { person: who, reason });
  const stored = await bench.redis.hgetall(bench.keys.suppressions);
  for (const [field, text] of Object.entries(stored)) {
    const entry: unknown = JSON.parse(text);
    await bench.redis.hset(
      bench.keys.suppressions,
      field,
      JSON.stringify({ ...Object(entry), at: ago(10 * dayMs) }),
    );
  }
};
const lift = (obtainedAt: string, more: object = {}) =>
  http.post('/api/suppressions/lift', {
    ...{ person, obtainedAt, reason: 'asked for the newsletter' },
    consentEvidence: 'form 118, kept in the folder of May',
    ...more,
  });
const isSuppressed = async (): Promise<boolean> => {
  const { suppressions } = (await http.post('/api/people/find', { person })).body;
  return suppressions.length > 0;
};

describe('a fresh consent', () => {
  test.each(['unsubscribed', 'manual', 'bounced'] as const)(
    'lifts what was %s under every spelling; the suppression stays on record beside it',
    async (reason) => {
      await suppress(reason);
      expect((await lift(ago(dayMs))).body).toEqual({ lifted: 2 });
      expect(await isSuppressed()).toBe(false);
      const { liftedSuppressions } = (await http.post('/api/people/find', { person })).body;
      expect(liftedSuppressions[0]).toMatchObject({
        ...{ reason, by: userName },
        lifted: {
          ...{ by: userName, reason: 'asked for the newsletter' },
          consentEvidence: 'form 118, kept in the folder of May',
        },
      });
      const rows = (await bench.auditRows()).filter(({ kind }) => kind === 'suppression.lifted');
      expect(rows.map(({ code, actor }) => [code, actor])).toEqual([
        [reason, userName],
        [reason, userName],
      ]);
      expect(JSON.stringify(rows)).not.toContain('acme');
      // They may say no again, and that is a new entry over which the old consent has no power.
      await http.post('/api/suppressions', { person, reason: 'unsubscribed' });
      expect(await isSuppressed()).toBe(true);
      expect(codeOf(await lift(ago(dayMs)))).toBe('consent_not_fresh');
    },
  );

  test.each<[string, number]>([
    ['older than the suppression', 11 * dayMs],
    ['of the same moment', 10 * dayMs],
    ['of the future', -60_000],
  ])('that is %s lifts nothing', async (_, age) => {
    await suppress('unsubscribed');
    const moments = (await bench.lists.listSuppressions(null)).entries.map((entry) => entry.at).sort();
    const at = age === 10 * dayMs ? moments.at(-1) : ago(age);
    const answer = await lift(at ?? '');
    expect([answer.status, codeOf(answer)]).toEqual([409, 'consent_not_fresh']);
    expect(await isSuppressed()).toBe(true);
  });

  test('that is older than the policy lets pass lifts nothing', async () => {
    ({ bench, http } = await routes.create({ policy: { consent: { freshDays: 5 } } }));
    await suppress('unsubscribed');
    expect(codeOf(await lift(ago(6 * dayMs)))).toBe('consent_not_fresh');
    expect((await lift(ago(4 * dayMs))).status).toBe(200);
  });

  test('lifts every name of the person, so that no other name keeps a draft of theirs back', async () => {
    const profile = 'https://www.linkedin.com/in/ada-holm';
    const lead = routes.benches.leadOf({ linkedinUrl: profile });
    await bench.pendingDraft(lead);
    await suppress('unsubscribed', lead.email ?? '');
    await suppress('manual', profile);
    expect((await lift(ago(dayMs), { person: profile })).body).toEqual({ lifted: 2 });
    expect(await bench.lists.counts()).toMatchObject({ suppressions: 0 });
    const reach = createBarredReach(bench.session, exclusionKeysOf);
    expect(await reach.openUnder(['linkedin:ada-holm'])).toHaveLength(1);
  });
});

describe('nothing lifts', () => {
  test.each(['complained', 'erased'] as const)('what was %s, also among others', async (reason) => {
    await suppress('unsubscribed');
    await bench.redis.hset(
      bench.keys.suppressions,
      routes.benches.pseudonym(`email:${person}`),
      JSON.stringify({ personKey: null, reason, source: 'x', at: ago(10 * dayMs), by: 'x' }),
    );
    const answer = await lift(ago(dayMs));
    expect([codeOf(answer), answer.body.error.details]).toEqual(['suppression_final', { reason }]);
    expect(await isSuppressed()).toBe(true);
  });

  test('while an opt-out of the person waits to be worked on', async () => {
    await suppress('unsubscribed');
    await bench.redis.hset(bench.keys.optOutsPending, 'email:ada+news@acme.example', 'delivery-1');
    expect(codeOf(await lift(ago(dayMs)))).toBe('state_conflict');
    expect(await isSuppressed()).toBe(true);
  });

  test('for somebody who is not suppressed, without evidence, or without the permission for it', async () => {
    expect((await lift(ago(dayMs))).status).toBe(404);
    expect(codeOf(await lift(ago(dayMs), { consentEvidence: 'yes' }))).toBe('bad_request');
    expect(codeOf(await lift('yesterday'))).toBe('bad_request');
    await suppress('unsubscribed');
    const body = { person, obtainedAt: ago(dayMs), reason: 'asked', consentEvidence: 'form 118, in May' };
    const answer = await http.post('/api/suppressions/lift', body, { permissions: ['suppressions:write'] });
    expect(answer.status).toBe(403);
    // The token that everybody may have is nobody's name.
    const unnamed = await http.post('/api/suppressions/lift', body, { user: 'dashboard' });
    expect([unnamed.status, unnamed.body.error.details.reason]).toEqual([403, 'person_unnamed']);
    expect(await isSuppressed()).toBe(true);
  });
});

test('an erased person keeps the suppressions that were lifted, without the words of the consent', async () => {
  await suppress('unsubscribed');
  await lift(ago(dayMs));
  const changes = createListChanges(bench.session);
  const pseudonym = routes.benches.pseudonym(`email:${person}`);
  expect(await changes.eraseConsents([pseudonym])).toBe(1);
  expect(await changes.liftedOf([pseudonym])).toMatchObject([
    { reason: 'unsubscribed', lifted: { consentEvidence: null, by: userName } },
  ]);
});
