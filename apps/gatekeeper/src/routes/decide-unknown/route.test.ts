// Risk: somebody's guess sends a message twice, or a decision nobody can explain afterwards.
import type { DispatchActionJob } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBenches, openGateBenches } from '../../testing/gate-bench.ts';
import { type Http, openHttp, userName } from '../../testing/http-bench.ts';
import { openReconcileRig, type ReconcileRig, type Traits } from '../../testing/reconcile-rig.ts';
import { codeOf } from '../../testing/route-bench.ts';

let benches: GateBenches;
let rig: ReconcileRig;
let http: Http;
let over: boolean;
const doors: Http[] = [];
const open = async (traits: Traits = {}): Promise<void> => {
  rig = await openReconcileRig(benches, { idempotency: 'none', ...traits });
  http = await openHttp(benches, rig.bench, { isAttemptOver: () => over });
  doors.push(http);
  over = false;
};
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(() => open());
afterAll(async () => {
  await Promise.all(doors.map((door) => door.close()));
  await benches.close();
});

const attemptOf = async ({ actionId }: DispatchActionJob): Promise<string> =>
  (await rig.bench.actions.read(actionId))?.attemptId ?? '';
const why = { reason: 'Asked the provider by phone.', evidence: 'Ticket 4711: no such message was taken.' };
const decide = async (job: DispatchActionJob, as: string, more: object = {}) => {
  const attemptId = await attemptOf(job);
  return http.post(`/api/reconcile/${job.actionId}/decision`, { attemptId, as, ...why, ...more });
};
const silent = ({ actionId }: DispatchActionJob): void =>
  void rig.provider.findings.set(actionId, { state: 'unreadable', message: 'the provider answered 503' });
const shownAs = async (job: DispatchActionJob, contentDigest: string | null) =>
  rig.provider.findings.set(job.actionId, {
    ...{ state: 'present', providerMessageId: 'provider-7', mailed: false, attemptId: null, contentDigest },
  });

test.each([
  ['handed_over', true],
  ['left', false],
] as const)('%s is recorded with who said it and how they knew', async (as, inFlight) => {
  const job = await rig.oneUnknown();
  silent(job);
  const { email } = (await rig.bench.actions.read(job.actionId)) ?? { email: '' };
  const answer = await decide(job, as, { providerMessageId: 'seen-1' });
  expect(answer.status).toBe(200);
  expect(answer.body.receipt).toMatchObject({
    ...{ outcome: as, reason: 'decided_by_person', providerMessageId: 'seen-1' },
    proof: `${userName} decided: ${why.reason} Evidence: ${why.evidence}`,
  });
  const rows = await rig.bench.auditRows();
  expect(rows.slice(-3)).toMatchObject([
    {
      kind: 'action.decided',
      actor: userName,
      from: 'unknown',
      to: as,
      code: expect.stringMatching(/^[\da-f]{64}$/),
    },
    { kind: `action.${as}`, actor: userName, code: 'decided_by_person', cid: 'correlation-http' },
    { kind: 'batch.finished', to: 'executed' },
  ]);
  const stored = await rig.bench.redis.hgetall(rig.bench.keys.action(job.actionId));
  expect(stored['decidedBy']).toBe(userName);
  expect(JSON.parse(stored['decision'] ?? '')).toMatchObject({ as, ...why, digest: rows.at(-3)?.code });
  expect(await rig.bench.redis.hexists(rig.bench.keys.inFlight('sandbox'), `email:${email}`)).toBe(
    inFlight ? 1 : 0,
  );
});

describe('released', () => {
  test.each<[string, (job: DispatchActionJob) => void]>([
    ['the provider says nothing', silent],
    ['the process that was sending may be alive', () => undefined],
    ['the provider may only be slow to show it', () => (over = true)],
  ])('is refused while %s, and allowed to whoever answers for it', async (_, arrange) => {
    const job = await rig.oneUnknown();
    arrange(job);
    const refused = await decide(job, 'released');
    expect([refused.status, codeOf(refused)]).toEqual([409, 'not_proven_absent']);
    expect(await rig.outcomeOf(job)).toBe('unknown');
    const allowed = await decide(job, 'released', { despite: 'Jo Kent' });
    expect(allowed.body.receipt).toMatchObject({ outcome: 'queued', reason: 'released_despite_silence' });
    const { decision } = await rig.bench.redis.hgetall(rig.bench.keys.action(job.actionId));
    expect(JSON.parse(decision ?? '')).toMatchObject({ as: 'released', despite: 'Jo Kent' });
  });

  test('needs nobody to answer for it once the absence is proven, and the message goes out once', async () => {
    const job = await rig.oneUnknown();
    over = true;
    await rig.passQuietTime();
    const answer = await decide(job, 'released', { despite: 'Jo Kent' });
    expect(answer.body.receipt).toMatchObject({ outcome: 'queued', reason: 'released_by_person' });
    rig.provider.script.send = () =>
      Promise.resolve({
        outcome: 'accepted',
        providerMessageId: 'm',
        holdsBeforeMailing: true,
        proof: 'yes',
      });
    await rig.dispatch(job);
    expect(await rig.outcomeOf(job)).toBe('handed_over');
    expect(rig.provider.handovers).toHaveLength(2);
  });

  test.each([
    ['the approved message', true],
    ['something else', false],
  ])('is refused to everybody while the provider shows %s', async (_, same) => {
    const job = await rig.oneUnknown();
    await shownAs(job, same ? await rig.digestOf(job) : 'f'.repeat(64));
    const answer = await decide(job, 'released', { despite: 'Jo Kent' });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
    expect(answer.body.error.details).toMatchObject({ status: 'unknown' });
    expect(await rig.outcomeOf(job)).toBe('unknown');
  });
});

test.each([
  ['a provider that holds nothing back', false, undefined],
  ['a provider that has something else', true, 'f'.repeat(64)],
])('handed over is refused of %s', async (_, holdsBeforeMailing, digest) => {
  await open({ holdsBeforeMailing });
  const job = await rig.oneUnknown();
  if (digest === undefined) silent(job);
  else await shownAs(job, digest);
  expect(codeOf(await decide(job, 'handed_over'))).toBe('state_conflict');
  expect(await rig.outcomeOf(job)).toBe('unknown');
});

test('a decision loses to what the system settled first, with the state it has', async () => {
  const job = await rig.oneUnknown();
  const attemptId = await attemptOf(job);
  // The provider shows it while it is asked on behalf of the person, and the system is quicker to write it down.
  const find = rig.provider.adapter.find;
  let settled = false;
  const digest = await rig.digestOf(job);
  rig.provider.adapter.find = async (queries) => {
    const answer = await find(queries);
    if (!settled) {
      settled = true;
      await shownAs(job, digest);
      await rig.reconciler()();
    }
    return answer;
  };
  const answer = await http.post(`/api/reconcile/${job.actionId}/decision`, {
    ...{ attemptId, as: 'released', ...why, despite: 'Jo Kent' },
  });
  expect([answer.status, codeOf(answer), answer.body.error.details]).toEqual([
    409,
    'state_conflict',
    { status: 'handed_over' },
  ]);
  expect(await rig.bench.receiptOf(job.actionId)).toMatchObject({ reason: 'found_at_provider' });
  expect((await rig.bench.auditRows()).filter(({ kind }) => kind === 'action.decided')).toEqual([]);
});

test('a decision about an attempt that is over decides nothing about the next one', async () => {
  const job = await rig.oneUnknown();
  const before = await attemptOf(job);
  const reconcile = rig.reconciler({ isAttemptOver: () => true });
  await rig.passQuietTime();
  await reconcile();
  await reconcile();
  await rig.dispatch(job);
  silent(job);
  const answer = await decide(job, 'left', { attemptId: before });
  expect(codeOf(answer)).toBe('state_conflict');
  expect(answer.body.error.message).toContain('tried again');
  expect(await rig.outcomeOf(job)).toBe('unknown');
});

test.each([
  ['no reason', { reason: '' }],
  ['no evidence', { evidence: 'trust me' }],
  ['another outcome', { as: 'refused' }],
  ['a field of its own', { actor: 'somebody else' }],
])('a decision with %s is 400', async (_, part) => {
  const job = await rig.oneUnknown();
  expect((await decide(job, 'left', part)).status).toBe(400);
});
