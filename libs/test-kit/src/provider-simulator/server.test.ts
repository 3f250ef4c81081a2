// Risk: a simulator kinder than the vendor, or one that forgets what it was handed, proves nothing about sends.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startProviderSimulator, type ProviderSimulator } from './server.ts';

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator();
});
afterEach(() => {
  simulator.setFaults([]);
  simulator.clear('test_');
});
afterAll(() => simulator.close());

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { authorization: 'Bearer sandbox' },
): Promise<Reply> {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: Object(answer) };
}

const campaign = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'test_one',
  campaign_schedule: {
    schedules: [
      {
        name: 'Default',
        timing: { from: '08:00', to: '18:00' },
        days: { '1': true },
        timezone: 'America/Detroit',
      },
    ],
  },
  sequences: [
    { steps: [{ type: 'email', delay: 0, variants: [{ subject: '{{subject}}', body: '{{body}}' }] }] },
  ],
  email_list: ['sam@outreach.example'],
  ...overrides,
});

const createCampaign = async (name = 'test_one'): Promise<string> => {
  const { status, body } = await call('POST', '/api/v2/campaigns', campaign({ name }));
  expect({ status, campaign: body['status'] }).toEqual({ status: 200, campaign: 0 });
  return String(body['id']);
};

const lead = (
  campaignId: string,
  email: string,
  overrides: Record<string, unknown> = {},
): Record<string, unknown> => ({
  campaign: campaignId,
  email,
  custom_variables: { subject: `to ${email}`, body: 'text', actionId: `act_${email}` },
  ...overrides,
});

const emailsOf = (reply: Reply): unknown[] => {
  const items = reply.body['items'];
  return Array.isArray(items) ? items.map((item: { email: unknown }) => item.email) : [];
};

describe('the vendor surface', () => {
  test('a call without a credential is refused in the vendor shape and hands nothing over', async () => {
    const campaignId = await createCampaign();
    const reply = await call('POST', '/api/v2/leads', lead(campaignId, 'a@north.example'), {});
    expect(reply).toEqual({
      status: 401,
      body: { statusCode: 401, error: 'Unauthorized', message: expect.any(String) },
    });
    expect(simulator.log()).toEqual([]);
  });

  test.each([
    ['an unknown field', { colour: 'red' }],
    ['a variable that is not a scalar', { custom_variables: { subject: ['a'] } }],
    ['no address', { email: '' }],
  ])('a lead with %s is a 400', async (_, overrides) => {
    const campaignId = await createCampaign();
    const reply = await call('POST', '/api/v2/leads', lead(campaignId, 'a@north.example', overrides));
    expect(reply.status).toBe(400);
    expect(simulator.log()).toEqual([]);
  });

  test('a zone outside the vendor whitelist is a 400', async () => {
    const { campaign_schedule: schedule, ...rest } = campaign();
    const text = JSON.stringify(schedule).replace('America/Detroit', 'America/New_York');
    const reply = await call('POST', '/api/v2/campaigns', { ...rest, campaign_schedule: JSON.parse(text) });
    expect(reply.status).toBe(400);
    expect(reply.body['message']).toContain('timezone');
  });

  test('an empty body declared as JSON is a 400, without the declaration the lead is deleted', async () => {
    const campaignId = await createCampaign();
    const { body } = await call('POST', '/api/v2/leads', lead(campaignId, 'a@north.example'));
    const path = `/api/v2/leads/${String(body['id'])}`;
    const declared = { authorization: 'Bearer sandbox', 'content-type': 'application/json' };
    expect((await call('DELETE', path, undefined, declared)).status).toBe(400);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
    expect(emailsOf(await call('POST', '/api/v2/leads/list', { campaign: campaignId }))).toEqual([]);
  });

  test('a person already present is skipped without an id, in the scope that was asked for', async () => {
    const [one, two] = [await createCampaign('test_one'), await createCampaign('test_two')];
    await call('POST', '/api/v2/leads', lead(one, 'a@north.example'));
    const inCampaign = lead(one, 'A@north.example', { skip_if_in_campaign: true });
    expect((await call('POST', '/api/v2/leads', inCampaign)).body).toEqual({});
    const inWorkspace = lead(two, 'a@north.example', { skip_if_in_workspace: true });
    expect((await call('POST', '/api/v2/leads', inWorkspace)).body).toEqual({});
    const elsewhere = lead(two, 'a@north.example', { skip_if_in_campaign: true });
    expect((await call('POST', '/api/v2/leads', elsewhere)).body).toHaveProperty('id');
    expect(simulator.log()).toHaveLength(2);
  });

  test('pages end with an empty one after a full last page, as the vendor says', async () => {
    const campaignId = await createCampaign();
    for (const name of ['a', 'b', 'c', 'd']) {
      await call('POST', '/api/v2/leads', lead(campaignId, `${name}@north.example`));
    }
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const query = {
        campaign: campaignId,
        limit: 2,
        ...(cursor === undefined ? {} : { starting_after: cursor }),
      };
      const page = await call('POST', '/api/v2/leads/list', query);
      seen.push(emailsOf(page).length);
      cursor = page.body['next_starting_after'];
    } while (cursor !== undefined);
    expect(seen).toEqual([2, 2, 0]);
  });

  test('activation mails each lead its own words once', async () => {
    const campaignId = await createCampaign();
    await call('POST', '/api/v2/leads', lead(campaignId, 'a@north.example'));
    await call('POST', '/api/v2/leads', lead(campaignId, 'b@north.example'));
    expect(simulator.mailed()).toEqual([]);
    await call('POST', `/api/v2/campaigns/${campaignId}/activate`);
    await call('POST', `/api/v2/campaigns/${campaignId}/activate`);
    expect(simulator.mailed().map(({ from, email, subject }) => [from, email, subject])).toEqual([
      ['sam@outreach.example', 'a@north.example', 'to a@north.example'],
      ['sam@outreach.example', 'b@north.example', 'to b@north.example'],
    ]);
  });
});

describe('the log', () => {
  test('keeps who, what and the marks of the request, and can be asked per batch', async () => {
    const mine = await createCampaign('test_bat_A_tier_1_x');
    const other = await createCampaign('test_bat_B_tier_1_x');
    const headers = {
      authorization: 'Bearer sandbox',
      'x-correlation-id': 'cor-12345678',
      'idempotency-key': 'k1',
    };
    await call('POST', '/api/v2/leads', lead(mine, 'a@north.example'), headers);
    await call('POST', '/api/v2/leads', lead(other, 'b@north.example'), headers);
    const { body } = await call('GET', '/__log?batch=bat_A', undefined, {});
    expect(body).toMatchObject({
      total: 1,
      entries: [
        {
          seq: expect.any(Number),
          campaignId: mine,
          email: 'a@north.example',
          subject: 'to a@north.example',
          body: 'text',
          actionId: 'act_a@north.example',
          correlationId: 'cor-12345678',
          idempotencyKey: 'k1',
        },
      ],
    });
  });

  test('clearing a namespace leaves the others alone', async () => {
    const mine = await createCampaign('test_mine');
    const other = await createCampaign('test_yours');
    await call('POST', '/api/v2/leads', lead(mine, 'a@north.example'));
    await call('POST', '/api/v2/leads', lead(other, 'a@north.example'));
    const { body } = await call('DELETE', '/__namespace?prefix=test_mine', undefined, {});
    expect(body).toEqual({ campaigns: 1, leads: 1, entries: 1 });
    expect(simulator.log().map(({ campaignId }) => campaignId)).toEqual([other]);
    expect((await call('DELETE', '/__namespace', undefined, {})).status).toBe(400);
  });
});

describe('planned faults', () => {
  const add = async (campaignId: string, email: string): Promise<Reply> =>
    call('POST', '/api/v2/leads', lead(campaignId, email));

  test('hit exactly the call they name', async () => {
    const campaignId = await createCampaign();
    const plan = {
      faults: [
        { endpoint: 'POST /leads', hit: 2, effect: { kind: 'status', status: 429, retryAfter: '7' } },
        { endpoint: 'POST /leads', email: 'd@north.example', effect: { kind: 'status', status: 503 } },
      ],
    };
    expect((await call('POST', '/__faults', plan, {})).body).toEqual({ faults: 2 });
    const statuses = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      statuses.push((await add(campaignId, `${name}@north.example`)).status);
    }
    expect(statuses).toEqual([200, 429, 200, 503]);
    expect(simulator.log().map(({ email }) => email)).toEqual(['a@north.example', 'c@north.example']);
  });

  test.each([
    ['a cut before acceptance', { kind: 'cut', when: 'before_acceptance' }, 0],
    ['a cut after acceptance', { kind: 'cut', when: 'after_acceptance' }, 1],
    ['half an answer', { kind: 'partial' }, 1],
    ['broken JSON', { kind: 'malformed_json' }, 1],
    ['a web page', { kind: 'wrong_content_type' }, 1],
  ] as const)('%s loses the answer and keeps %p in the log', async (_, effect, handedOver) => {
    const campaignId = await createCampaign();
    simulator.setFaults([{ endpoint: 'POST /leads', effect }]);
    await expect(add(campaignId, 'a@north.example')).rejects.toThrow();
    expect(simulator.log()).toHaveLength(handedOver);
  });

  test('an error status after acceptance keeps the lead', async () => {
    const campaignId = await createCampaign();
    simulator.setFaults([
      { endpoint: 'POST /leads', effect: { kind: 'status', status: 500, when: 'after_acceptance' } },
    ]);
    expect((await add(campaignId, 'a@north.example')).status).toBe(500);
    expect(simulator.log()).toHaveLength(1);
  });

  test('a hidden lead shows up when it is revealed, an altered one differs from what was handed over', async () => {
    const campaignId = await createCampaign();
    simulator.setFaults([
      { endpoint: 'POST /leads', effect: { kind: 'hide', visibilityMs: 600_000 } },
      { endpoint: 'POST /leads', effect: { kind: 'alter', subject: 'Act now!' } },
    ]);
    await add(campaignId, 'a@north.example');
    const list = (): Promise<Reply> => call('POST', '/api/v2/leads/list', { campaign: campaignId });
    expect(emailsOf(await list())).toEqual([]);
    await call('POST', '/__reveal', undefined, {});
    expect((await list()).body['items']).toMatchObject([{ payload: { subject: 'Act now!' } }]);
    expect(simulator.log()).toMatchObject([{ subject: 'to a@north.example' }]);
  });

  test('a plan that cannot be read is refused and the old one stays', async () => {
    const campaignId = await createCampaign();
    simulator.setFaults([{ endpoint: 'POST /leads', effect: { kind: 'status', status: 422 } }]);
    const plan = { faults: [{ endpoint: 'POST /teapots', effect: { kind: 'cut' } }] };
    expect((await call('POST', '/__faults', plan, {})).status).toBe(400);
    expect((await add(campaignId, 'a@north.example')).status).toBe(422);
  });
});
