// Risk: work handed in twice is written to twice, or one author's keys shut another one out.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
});
afterAll(() => benches.close());

test('the same work is the same draft for the same author, another one for another author', async () => {
  const submission = await benches.submissionOf(benches.leadOf());
  const first = await bench.submit(submission);
  expect(await bench.submit(submission)).toEqual(first);
  const byOther = await bench.submitDraft({
    submission,
    origin: { kind: 'agent', agent: 'another-agent' },
    actor: 'another-agent',
    correlationId: 'correlation-2',
  });
  expect(byOther).toMatchObject({
    outcome: 'duplicate',
    reasons: ['person_has_draft'],
    draftId: first.draftId,
  });
});

test('the same work with one word changed is a used source key', async () => {
  const submission = await benches.submissionOf(benches.leadOf());
  const first = await bench.submit(submission);
  expect(await bench.submit({ ...submission, subject: `${submission.subject} ` })).toMatchObject({
    outcome: 'duplicate',
    reasons: ['source_key_used'],
    draftId: first.draftId,
  });
});

test.each(['run', 'agent', 'other-agent'])(
  'the key of an agent called %s is neither a run’s nor another agent’s',
  async (agent) => {
    const sourceKey = 'leads.csv:7';
    const by = { actor: 'somebody', correlationId: 'correlation-1' };
    const submission = async () => ({ ...(await benches.submissionOf(benches.leadOf())), sourceKey });
    const byAgent = { kind: 'agent', agent } as const;
    const byRun = { kind: 'run', runId: benches.testIds.runId(), line: 7 } as const;
    for (const origin of [byAgent, byRun, { kind: 'agent', agent: 'run-agent' } as const]) {
      expect(await bench.submitDraft({ ...by, submission: await submission(), origin })).toMatchObject({
        outcome: 'accepted',
      });
    }
    const again = { ...by, submission: await submission() };
    expect(await bench.submitDraft({ ...again, origin: byRun })).toMatchObject({
      outcome: 'duplicate',
      reasons: ['source_key_used'],
    });
  },
);
