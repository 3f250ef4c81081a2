// Risk: a draft in a long upload is lost, cut or taken twice, or one bad draft costs the others.
import type { DraftSubmission } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { serviceTokenHeader } from '@caio/auth';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

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

const lines = { type: 'application/x-ndjson' } as const;
const submission = (overrides: Partial<DraftSubmission> = {}): Promise<DraftSubmission> =>
  routes.benches.submissionOf(routes.benches.leadOf(), overrides);
const submissions = (count: number): Promise<DraftSubmission[]> =>
  Promise.all(Array.from({ length: count }, () => submission()));
const asLines = (drafts: readonly unknown[], end = '\n'): string =>
  drafts.map((draft) => JSON.stringify(draft)).join(end);

describe('one draft', () => {
  test('is answered with 201 and what became of it; its author is the credential', async () => {
    const draft = await submission();
    const answer = await http.post('/api/drafts', draft, { user: 'agent-seven' });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      results: [
        {
          ok: true,
          index: 0,
          sourceKey: draft.sourceKey,
          answer: expect.objectContaining({ outcome: 'accepted' }),
        },
      ],
    });
    expect(await bench.draftOf(answer.body.results[0].answer.draftId)).toMatchObject({
      origin: { kind: 'agent', agent: 'agent-seven' },
      correlationId: 'correlation-http',
    });
  });

  test('that is parked or refused by a rule is no error of the request', async () => {
    const answer = await http.post('/api/drafts', await submission({ body: ' ' }));
    expect(answer.status).toBe(201);
    expect(answer.body.results[0].answer).toMatchObject({ outcome: 'parked' });
  });

  test.each([
    ['a field of the wrong type', { subject: 7 }, 'subject'],
    ['a lead without its fields', { lead: {} }, 'lead'],
    ['an unknown motion', { motion: 'spam' }, 'motion'],
    ['a text that is too long', { body: 'x'.repeat(20_001) }, 'body'],
    ['no source key', { sourceKey: '' }, 'sourceKey'],
  ])('with %s is 400, naming the field and not its content', async (_, change, field) => {
    const answer = await http.post('/api/drafts', { ...(await submission()), ...change });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(field);
    expect(answer.body.error.message).not.toContain('xxxx');
    expect(await bench.drafts.counts()).toMatchObject({ pending: 0, parked: 0 });
  });

  test.each([
    ['who decided', { reviewedBy: 'ceo' }],
    ['its state', { status: 'approved' }],
    ['who is at work', { actor: 'ceo' }],
    ['a field of the lead that is none', { lead: 'extra' }],
    ['a field of the sender that is none', { sender: { name: 'Rowan', email: 'a@b.example', replyTo: 'c' } }],
  ])('that states %s is 400, not taken without it', async (_, change) => {
    for (const type of ['application/json', lines.type]) {
      const whole = await submission();
      const lead = 'lead' in change ? { lead: { ...whole.lead, score: 100 } } : {};
      const text = JSON.stringify({ ...whole, ...change, ...lead });
      const answer = await http.post('/api/drafts', text, { type });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
      expect(answer.body.error.message).toContain('not known');
    }
    expect(await bench.drafts.counts()).toMatchObject({ pending: 0, parked: 0 });
  });

  test('with half of a character is 400, alone and among others', async () => {
    const broken = { ...(await submission()), subject: 'Hours \ud83d' };
    const alone = await http.post('/api/drafts', JSON.stringify(broken));
    expect([alone.status, codeOf(alone)]).toEqual([400, 'bad_request']);
    const answer = await http.post('/api/drafts', asLines([broken, await submission()]), lines);
    expect(answer.body.results).toMatchObject([
      { ok: false, error: { code: 'bad_request', message: expect.stringContaining('half of a character') } },
      { ok: true },
    ]);
  });

  test.each(['{"sourceKey": ', '', '[]', 'null', '"text"'])('that is %j is 400', async (text) => {
    expect(codeOf(await http.post('/api/drafts', text))).toBe('bad_request');
  });

  test('larger than a draft may be is 413 and says how large that is', async () => {
    const answer = await http.post('/api/drafts', {
      ...(await submission()),
      templateId: 'x'.repeat(70_000),
    });
    expect([answer.status, codeOf(answer)]).toEqual([413, 'payload_too_large']);
    expect(answer.body.error.message).toContain('65536');
  });

  test('over several lines is one draft', async () => {
    const answer = await http.post('/api/drafts', JSON.stringify(await submission(), null, 2));
    expect(answer.status).toBe(201);
  });
});

describe('many drafts', () => {
  test('are answered one by one, in order, with 201', async () => {
    const drafts = await submissions(30);
    const answer = await http.post('/api/drafts', asLines(drafts), lines);
    expect(answer.status).toBe(201);
    const expected = drafts.map(({ sourceKey }, index) => expect.objectContaining({ index, sourceKey }));
    expect(answer.body.results).toEqual(expected);
    expect(await bench.drafts.counts()).toMatchObject({ pending: 30 });
  });

  test('of which some are bad are 207: each says what became of it, and none costs another', async () => {
    const [first, second, third] = await submissions(3);
    const text = [
      JSON.stringify(first),
      '{"sourceKey":',
      JSON.stringify({ ...second, subject: 1 }),
      JSON.stringify(third),
    ].join('\n');
    const answer = await http.post('/api/drafts', text, lines);
    expect(answer.status).toBe(207);
    expect(answer.body.results).toMatchObject([
      { ok: true, index: 0 },
      { ok: false, index: 1, error: { code: 'bad_request', message: 'This line is not JSON.' } },
      { ok: false, index: 2, error: { code: 'bad_request', message: expect.stringContaining('subject') } },
      { ok: true, index: 3 },
    ]);
    expect(await bench.drafts.counts()).toMatchObject({ pending: 2 });
  });

  test.each([
    ['line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['empty lines and one at the end', (text: string) => `\n${text.replaceAll('\n', '\n\n \n')}\n`],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ])('with %s are the same drafts', async (_, change) => {
    const answer = await http.post('/api/drafts', change(asLines(await submissions(3))), lines);
    expect([answer.status, answer.body.results?.length]).toEqual([201, 3]);
  });

  test.each(['\u2028', '\u2029', '\u0085'])(
    'with the sign %j inside a text are not cut there',
    async (sign) => {
      const [one, two] = await submissions(2);
      if (one === undefined) throw new Error('two drafts');
      const answer = await http.post(
        '/api/drafts',
        asLines([{ ...one, templateId: `a${sign}b` }, two]),
        lines,
      );
      expect([answer.status, answer.body.results?.length]).toEqual([201, 2]);
    },
  );

  test('sent again after a lost answer get the same answers and add nothing', async () => {
    const text = asLines(await submissions(5));
    const first = await http.post('/api/drafts', text, lines);
    const again = await http.post('/api/drafts', text, lines);
    expect(again.body).toEqual(first.body);
    expect(await bench.drafts.counts()).toMatchObject({ pending: 5 });
  });

  test('beyond the number one request may hold are 413 and none is stored', async () => {
    const draft = JSON.stringify(await submission());
    const text = Array.from({ length: 5_001 }, () => '{}').join('\n');
    const answer = await http.post('/api/drafts', `${draft}\n${text}`, lines);
    expect([answer.status, codeOf(answer)]).toEqual([413, 'payload_too_large']);
    expect(answer.body.error.message).toContain('5000');
    expect(await bench.drafts.counts()).toMatchObject({ pending: 0 });
  });

  test('that are none are 400', async () => {
    expect(codeOf(await http.post('/api/drafts', '\n \n', lines))).toBe('bad_request');
  });
});

describe('a body', () => {
  test('of another type is 415 and says which are taken', async () => {
    const answer = await http.post('/api/drafts', 'subject,body', { type: 'text/csv' });
    expect([answer.status, codeOf(answer)]).toEqual([415, 'unsupported_media_type']);
    expect(answer.body.error.message).toContain('application/x-ndjson');
  });

  test('that is not the announced one stores nothing', async () => {
    const text = asLines(await submissions(2));
    const signed = http.post('/api/drafts', text, lines).get(serviceTokenHeader);
    const answer = await request(http.server)
      .post('/api/drafts')
      .set(serviceTokenHeader, String(signed))
      .set('content-type', lines.type)
      .send(text.replace('Ada', 'Eve'));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await bench.drafts.counts()).toMatchObject({ pending: 0 });
  });

  test('over 16 MiB is 413', async () => {
    const answer = await http.post('/api/drafts', 'x'.repeat(16 * 1024 * 1024 + 1), lines);
    expect([answer.status, codeOf(answer)]).toEqual([413, 'payload_too_large']);
  });

  test('that is not UTF-8 is 400, not a text with holes in it', async () => {
    const draft = JSON.stringify(await submission());
    const bytes = Buffer.from(draft.replace('Ada', 'Ad\u00e9'), 'latin1');
    const answer = await http.postBytes('/api/drafts', bytes, lines);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(await bench.drafts.counts()).toMatchObject({ pending: 0, parked: 0 });
  });
});
