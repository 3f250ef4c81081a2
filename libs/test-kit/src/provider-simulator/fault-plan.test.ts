// Risk: a fault that was planned does not happen, or not again, and what it should have proved is believed.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { createFaultPlan, type FaultEffect } from './fault-plan.ts';
import { startProviderSimulator, type ProviderSimulator } from './server.ts';

describe('faults by chance', () => {
  const rule = (probability: number, status = 503) => ({
    endpoint: 'POST /leads' as const,
    probability,
    effect: { kind: 'status', status, when: 'before_acceptance' } satisfies FaultEffect,
  });
  const people = Array.from({ length: 2_000 }, (_, index) => `person${String(index)}@meadow.example`);
  const luckOf = (seed: number, asked: readonly string[]): Map<string, boolean> => {
    const plan = createFaultPlan();
    plan.set({ faults: [], random: { seed, rules: [rule(0.25)] } });
    return new Map(asked.map((email) => [email, plan.effectsOf('POST /leads', email).length > 0]));
  };

  test('come as often as they should, and at other endpoints not at all', () => {
    const hit = [...luckOf(7, people).values()].filter(Boolean).length;
    expect(hit / people.length).toBeGreaterThan(0.2);
    expect(hit / people.length).toBeLessThan(0.3);
    const plan = createFaultPlan();
    plan.set({ faults: [], random: { seed: 7, rules: [rule(1), rule(1, 429)] } });
    expect(plan.effectsOf('POST /leads', 'jo@meadow.example')).toHaveLength(2);
    expect(plan.effectsOf('POST /campaigns', null)).toEqual([]);
  });

  test('are the same for the same seed in any order, and others for another', () => {
    const first = luckOf(7, people);
    expect(luckOf(7, [...people].reverse())).toEqual(new Map([...first].reverse()));
    const other = luckOf(8, people);
    expect(people.filter((email) => other.get(email) !== first.get(email)).length).toBeGreaterThan(100);
  });

  test('let a second try of one person have luck of its own', () => {
    const plan = createFaultPlan();
    plan.set({ faults: [], random: { seed: 3, rules: [rule(0.5)] } });
    const tries = Array.from(
      { length: 200 },
      () => plan.effectsOf('POST /leads', 'jo@meadow.example').length,
    );
    expect(new Set(tries)).toEqual(new Set([0, 1]));
  });
});

describe('over the wire', () => {
  let simulator: ProviderSimulator;
  beforeAll(async () => {
    simulator = await startProviderSimulator({ smtpPort: 0, apiKey: 'sandbox-key' });
    simulator.ghl.addContacts([
      { email: 'jo@meadow.example', tags: ['customer'] },
      { email: 'kim@meadow.example' },
    ]);
  });
  afterEach(() => simulator.setFaults([]));
  afterAll(() => simulator.close());

  const headers = { authorization: 'Bearer sandbox-key', version: '2021-07-28' };
  const contactId = async (): Promise<string> => {
    const answer = await fetch(`${simulator.url}/ghl/contacts/?locationId=simulated&query=jo`, { headers });
    const { contacts }: { contacts: { id: string }[] } = Object(await answer.json());
    return contacts[0]?.id ?? '';
  };
  const say = async (more: Record<string, string> = {}): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${simulator.url}/ghl/conversations/messages`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: JSON.stringify({
        ...{ type: 'Email', contactId: await contactId(), subject: 'Re: line 2', html: '<div>Hello</div>' },
      }),
    });
    return { status: answer.status, text: await answer.text() };
  };

  test('idempotency is off unless it is switched on, and then a key is answered as before', async () => {
    const before = simulator.log().length;
    await say({ 'idempotency-key': 'a' });
    await say({ 'idempotency-key': 'a' });
    expect(simulator.log()).toHaveLength(before + 2);
    simulator.setFaults({ faults: [], idempotency: 'on' });
    const [first, again, other] = [
      await say({ 'idempotency-key': 'b' }),
      await say({ 'idempotency-key': 'b' }),
      await say({ 'idempotency-key': 'c' }),
    ];
    expect(again).toEqual(first);
    expect(other.text).not.toBe(first.text);
    expect(simulator.log()).toHaveLength(before + 4);
  });

  test('a dripping answer comes whole in the end, and slowly', async () => {
    simulator.setFaults([
      { endpoint: 'ghl POST /conversations/messages', effect: { kind: 'drip', everyMs: 1, bytes: 8 } },
    ]);
    const begun = performance.now();
    expect(JSON.parse((await say()).text)).toMatchObject({ messageId: expect.stringMatching(/^m/) });
    expect(performance.now() - begun).toBeGreaterThan(8);
  });

  test('a partial add is a success without anything added', async () => {
    const before = simulator.log().length;
    simulator.setFaults([{ endpoint: 'ghl POST /conversations/messages', effect: { kind: 'partial_add' } }]);
    const { status, text } = await say();
    expect({ status, messageId: Object(JSON.parse(text)).messageId }).toEqual({
      status: 201,
      messageId: undefined,
    });
    expect(simulator.log()).toHaveLength(before);
  });

  test('GoHighLevel asks for its version, and finds whoever looks alike', async () => {
    const url = `${simulator.url}/ghl/contacts/?locationId=simulated&query=meadow.example`;
    const refused = await fetch(url, { headers: { authorization: headers.authorization } });
    expect(refused.status).toBe(400);
    const { contacts, meta } = Object(await (await fetch(url, { headers })).json());
    expect([contacts.length, meta.total]).toEqual([2, 2]);
  });

  /** A conversation by hand: what the server says, line by line, to what a client says. */
  const talk = (lines: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      let heard = '';
      let next = 0;
      const socket = connect(Number(new URL(simulator.smtpUrl ?? '').port), '127.0.0.1');
      socket.on('data', (chunk) => {
        heard += chunk.toString();
        const line = lines[next];
        if (!/^\d{3}(?: |$).*\r\n$/m.test(heard.split(/(?<=\r\n)/).at(-1) ?? '') || line === undefined)
          return;
        next += 1;
        socket.write(`${line}\r\n`);
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(heard));
    });
  const login = `AUTH PLAIN ${Buffer.from('\0simulator\0sandbox-key').toString('base64')}`;
  const letter = 'Message-ID: <act_1@outreach.example>\r\nSubject: hello\r\n\r\n..two dots\r\n.';

  test('the mail server asks for its key, keeps every byte and knows whose action it is', async () => {
    const wrong = `AUTH PLAIN ${Buffer.from('\0simulator\0other').toString('base64')}`;
    expect(await talk(['EHLO me.example', wrong, 'QUIT'])).toContain('535 5.7.8');
    expect(await talk(['EHLO me.example', 'MAIL FROM:<sam@outreach.example>', 'QUIT'])).toContain('530');
    const heard = await talk([
      ...['EHLO me.example', login, 'MAIL FROM:<sam@outreach.example>', 'RCPT TO:<jo@meadow.example>'],
      ...['DATA', letter, 'QUIT'],
    ]);
    expect(heard).toMatch(/354[^\r]*\r\n250 2\.0\.0 Ok: queued/);
    expect(simulator.log().at(-1)).toMatchObject({
      ...{ vendor: 'smtp', actionId: 'act_1', email: 'jo@meadow.example' },
      raw: 'Message-ID: <act_1@outreach.example>\r\nSubject: hello\r\n\r\n.two dots\r\n',
      wouldMail: { from: 'sam@outreach.example' },
    });
  });

  test.each([
    ['before it is taken', 'before_acceptance', 0],
    ['after it was taken', 'after_acceptance', 1],
  ] as const)('a connection is cut %s', async (_, when, taken) => {
    const before = simulator.log().length;
    simulator.setFaults([{ endpoint: 'smtp BODY', effect: { kind: 'cut', when } }]);
    const heard = await talk([
      ...['EHLO me.example', login, 'MAIL FROM:<sam@outreach.example>', 'RCPT TO:<jo@meadow.example>'],
      ...['DATA', letter],
    ]);
    expect(heard.trim().split('\r\n').at(-1)).toMatch(/^354/);
    expect(simulator.log()).toHaveLength(before + taken);
  });
});
