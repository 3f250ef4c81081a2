// Risk: an author's draft is judged otherwise than ours, silently corrected, or lost without an answer.
import { type DraftSubmission, type IntakeAnswer, type Lead, textOf } from '@caio/contracts';
import { messageBytes } from '@caio/outreach-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../digest.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
});
afterAll(() => benches.close());

const submit = async (
  lead: Partial<Lead> = {},
  overrides: Partial<DraftSubmission> = {},
): Promise<IntakeAnswer> =>
  bench.submit(
    await benches.submissionOf(benches.leadOf(), overrides).then((one) => ({
      ...one,
      lead: { ...one.lead, ...lead },
    })),
  );

describe('a draft that keeps every rule', () => {
  test('is accepted with the judgement of the lead, and stored as the exact message that would leave', async () => {
    const lead = benches.leadOf();
    const submission = await benches.submissionOf(lead);
    const answer = await bench.submit(submission);
    const judged = benches.company.judge(lead);
    expect(answer).toMatchObject({
      outcome: 'accepted',
      tier: judged.tier,
      score: judged.score,
      reasons: judged.reasons,
    });
    const draft = await bench.draftOf(answer.draftId);
    expect(draft).toMatchObject({
      status: 'pending',
      lead,
      claims: submission.claims,
      judgement: { tier: judged.tier, score: judged.score, verdict: 'qualified', reasons: judged.reasons },
      copyPackVersion: bench.rules.copyPackVersion,
      policyVersion: 'policy-1',
      origin: { kind: 'agent', agent: 'test-agent' },
      sourceKey: submission.sourceKey,
      correlationId: 'correlation-1',
    });
    expect(draft.guards.length).toBeGreaterThan(20);
    expect(draft.guards.filter(({ passed }) => !passed)).toEqual([]);
    expect(draft.contentDigest).toBe(sha256Hex(messageBytes(draft.message)));
    expect(textOf(draft.message)).toContain(draft.message.unsubscribeUrl);
    expect(draft.message.sender).toEqual(benches.company.pack.defaultSender);
  });

  test('has an unsubscribe link of its own recipient and of nobody else', async () => {
    const [one, two] = [await bench.pendingDraft(), await bench.pendingDraft()];
    expect(one.message.unsubscribeUrl).not.toBe(two.message.unsubscribeUrl);
    expect(one.message.footer).not.toContain(two.message.unsubscribeUrl);
  });

  test('over LinkedIn takes the cold LinkedIn route to the profile', async () => {
    const answer = await submit(
      { linkedinUrl: 'https://www.linkedin.com/in/ada-holm-example/' },
      { channel: 'linkedin', subject: '' },
    );
    expect(answer.outcome).toBe('accepted');
    expect((await bench.draftOf(answer.draftId)).message).toMatchObject({
      route: 'cold_linkedin',
      recipientKey: 'linkedin:ada-holm-example',
    });
  });
});

describe('a draft that breaks a rule', () => {
  test.each<[string, string, (submission: DraftSubmission) => Partial<DraftSubmission>]>([
    [
      'a placeholder that was left',
      'unrendered_placeholder',
      ({ body }) => ({ body: `${body}\n{{first_name}}` }),
    ],
    ['a shouting subject', 'subject_all_caps', () => ({ subject: 'READ THIS NOW PLEASE' })],
    ['a false reply', 'fake_reply_subject', ({ subject }) => ({ subject: `Re: ${subject}` })],
    ['a short link', 'link_shortener', ({ body }) => ({ body: `${body}\nhttps://bit.ly/3xyz` })],
    [
      'a claim without ground',
      'unsupported_claim',
      () => ({ claims: [{ text: 'x', source: { kind: 'lead_field', field: 'nothing' } }] }),
    ],
    ['nothing in it', 'empty_text', () => ({ body: ' ' })],
  ])('(%s) is parked with the rule, kept as it was written', async (_, ruleId, change) => {
    const submission = await benches.submissionOf(benches.leadOf());
    const changed = { ...submission, ...change(submission) };
    const answer = await bench.submit(changed);
    expect(answer.outcome).toBe('parked');
    expect(answer.reasons).toContain(ruleId);
    const draft = await bench.draftOf(answer.draftId);
    expect(draft).toMatchObject({
      status: 'parked',
      message: { subject: changed.subject, body: changed.body },
    });
    expect(draft.guards.find((guard) => guard.ruleId === ruleId)).toMatchObject({ passed: false });
  });

  test('with a footer of its own is checked, never corrected: what it lacks parks it', async () => {
    const answer = await submit({}, { footer: 'Company 1, somewhere' });
    expect(answer.outcome).toBe('parked');
    expect(answer.reasons).toEqual(
      expect.arrayContaining(['unsubscribe_link_missing', 'postal_address_missing']),
    );
    expect((await bench.draftOf(answer.draftId)).message.footer).toBe('Company 1, somewhere');
  });

  test.each([
    { name: 'Somebody Else', email: 'somebody@elsewhere.example' },
    { name: 'Rowan Ellery', email: 'no address' },
  ])('from a sender that is not the company’s ($email) is parked as wrong_sender', async (sender) => {
    const answer = await submit({}, { sender });
    expect(answer).toMatchObject({ outcome: 'parked', reasons: expect.arrayContaining(['wrong_sender']) });
    expect((await bench.draftOf(answer.draftId)).message.sender).toEqual(sender);
  });

  test('for somebody who was rejected too often is parked', async () => {
    const lead = benches.leadOf();
    const now = Date.now();
    const pseudonym = benches.pseudonym(`email:${lead.email ?? ''}`);
    await bench.redis.zadd(bench.keys.rejections(pseudonym), now - 1_000, 'one', now, 'two');
    const answer = await bench.submit(await benches.submissionOf(lead));
    expect(answer).toMatchObject({
      outcome: 'parked',
      reasons: expect.arrayContaining(['rejected_too_often']),
    });
  });

  test('that says what was rejected for this person before is parked', async () => {
    const lead = benches.leadOf();
    const submission = await benches.submissionOf(lead);
    const rejected = await bench.submit(submission);
    await bench.reviewDraft.reject({
      ...bench.by,
      draftId: (await bench.draftOf(rejected.draftId)).draftId,
      tag: 'tone_style_issue',
      reason: 'Not how we speak to people like her.',
    });
    const again = await bench.submit({
      ...submission,
      sourceKey: 'another key',
      subject: submission.subject.toUpperCase().toLowerCase(),
    });
    expect(again).toMatchObject({
      outcome: 'parked',
      reasons: expect.arrayContaining(['rejected_fingerprint']),
    });
  });
});

describe('a draft for somebody who should know us', () => {
  test.each([
    ['cadence', 'cold_email'],
    ['revival', 'warm_email'],
  ] as const)('of the motion %s is parked while no contact is on record', async (motion, route) => {
    const answer = await submit({}, { motion });
    expect(answer).toMatchObject({
      outcome: 'parked',
      reasons: expect.arrayContaining(['no_contact_on_record']),
    });
    const draft = await bench.draftOf(answer.draftId);
    expect(draft.message).toMatchObject({ motion, route });
    expect(draft.guards.filter(({ passed }) => !passed)).toEqual([
      { ruleId: 'no_contact_on_record', passed: false, message: expect.stringContaining('outbound') },
    ]);
  });
});

describe('a lead', () => {
  test('whose company has a website that is no domain is parked: exclusions could not find it', async () => {
    const answer = await submit({ companyDomain: 'not a domain' });
    expect(answer).toMatchObject({
      outcome: 'parked',
      reasons: expect.arrayContaining(['company_domain_unreadable']),
    });
    const draft = await bench.draftOf(answer.draftId);
    expect(draft.lead.companyDomain).toBeNull();
    expect(draft.guards.map(({ ruleId }) => ruleId)).toContain('company_domain_unreadable');
  });

  test('whose company’s website is an address is excluded by its domain', async () => {
    await bench.redis.hset(bench.keys.exclusions, 'domain:customer.example', '{}');
    expect(await submit({ companyDomain: 'https://www.Customer.example/about?x=1' })).toMatchObject({
      outcome: 'excluded',
    });
  });

  test('who is disqualified gets no draft, and the reason says why', async () => {
    const lead = benches.leadOf({ title: 'Marketing Intern', industry: 'Government Administration' });
    const judged = benches.company.judge(lead);
    expect(judged.verdict).toBe('disqualified');
    const answer = await bench.submit({ ...(await benches.submissionOf(benches.leadOf())), lead });
    expect(answer).toMatchObject({
      outcome: 'disqualified',
      draftId: null,
      reasons: expect.arrayContaining(judged.reasons),
    });
    expect(await bench.redis.keys(`${bench.keys.draftPrefix}*`)).toEqual([]);
  });

  test('who is parked by the judgement parks a perfect text', async () => {
    const lead = benches.leadOf({ title: null });
    expect(benches.company.judge(lead).verdict).toBe('parked');
    const submission = await benches.submissionOf(benches.leadOf());
    const answer = await bench.submit({ ...submission, lead });
    expect(answer).toMatchObject({
      outcome: 'parked',
      reasons: expect.arrayContaining(benches.company.judge(lead).reasons),
    });
  });

  test.each([null, 'no address', 'ada@localhost'])(
    'who cannot be reached (%j) gets an answer and no draft',
    async (email) => {
      const answer = await submit({ email });
      expect(answer).toMatchObject({ outcome: 'disqualified', draftId: null });
      expect(answer.reasons).toContain('recipient_unreachable');
    },
  );

  test('of a run who cannot be reached is answered in the run, so that the run can end', async () => {
    const runId = benches.testIds.runId();
    const submission = await benches.submissionOf(benches.leadOf());
    await bench.submitDraft({
      submission: { ...submission, lead: { ...submission.lead, email: null } },
      origin: { kind: 'run', runId, line: 7 },
      actor: 'run',
      correlationId: 'correlation-1',
    });
    expect([...(await bench.drafts.answersOfRun(runId))]).toEqual([
      [
        '7',
        expect.objectContaining({
          outcome: 'disqualified',
          reasons: expect.arrayContaining(['recipient_unreachable']),
        }),
      ],
    ]);
  });

  test('who opted out is excluded under every name: plus-tag, other letters, LinkedIn', async () => {
    const suppress = (key: string) => bench.redis.hset(bench.keys.suppressions, benches.pseudonym(key), '{}');
    await suppress('email:ada@acme.example');
    await suppress('linkedin:ada-holm-example');
    for (const lead of [
      { email: 'ada@acme.example' },
      { email: ' ADA@ACME.example ' },
      { email: 'ada+news@acme.example' },
      { linkedinUrl: 'http://de.linkedin.com/in/Ada-Holm-Example?x=1' },
    ]) {
      expect(await submit(lead)).toMatchObject({
        outcome: 'excluded',
        reasons: ['suppressed'],
        draftId: null,
      });
    }
    expect((await submit({ email: 'a.da@acme.example' })).reasons).not.toContain('suppressed');
  });

  test.each([
    ['the domain of the company', 'domain:customer.example', { companyDomain: 'customer.example' }],
    [
      'a parent of the address’s domain',
      'domain:customer.example',
      { email: 'ada@mail.eu.customer.example' },
    ],
    ['the address', 'email:ada@customer.example', { email: 'Ada@customer.example' }],
    ['the profile', 'linkedin:ada-holm', { linkedinUrl: 'https://www.linkedin.com/in/ada-holm' }],
  ])('excluded by %s is excluded', async (_, key, lead) => {
    await bench.redis.hset(bench.keys.exclusions, key, '{}');
    expect(await submit(lead)).toMatchObject({ outcome: 'excluded', reasons: ['excluded'], draftId: null });
  });
});
