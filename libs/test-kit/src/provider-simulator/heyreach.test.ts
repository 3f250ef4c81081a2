// Risk: the simulated HeyReach is kinder than the real one, and what is proven against it holds nowhere.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type ProviderSimulator, startProviderSimulator } from './server.ts';

let simulator: ProviderSimulator;
beforeAll(async () => {
  simulator = await startProviderSimulator({ apiKey: 'key-of-a-test' });
});
afterEach(() => simulator.clear('caio_'));
afterAll(() => simulator.close());

const call = async (method: string, path: string, body?: unknown, key = 'key-of-a-test') => {
  const response = await fetch(`${simulator.url}/api/public${path}`, {
    method,
    headers: { 'x-api-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const value: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, type: response.headers.get('content-type'), value };
};
const lead = (name: string, body = `Hello ${name}`) => ({
  profileUrl: `https://www.linkedin.com/in/${name}`,
  ...{ firstName: name, lastName: 'Example' },
  customUserFields: [{ name: 'body', value: body }],
});
const newList = async (): Promise<number> => {
  const { value } = await call('POST', '/list/CreateEmptyList', { name: 'caio_test_1', type: 'USER_LIST' });
  return Number(Object(value).id);
};
const add = (listId: number, ...leads: object[]) => call('POST', '/list/AddLeadsToListV2', { listId, leads });
const written = (): string[] => simulator.mailed().map(({ email, body }) => `${email} ${body}`);

test('says nothing about the type of its answers, and knows its key', async () => {
  expect(await call('GET', '/auth/CheckApiKey')).toMatchObject({ status: 200, type: null });
  expect(await call('GET', '/auth/CheckApiKey', undefined, 'another')).toMatchObject({ status: 401 });
  expect(await call('POST', '/list/Unknown', {})).toMatchObject({ status: 404, type: null });
});

test('a lead on a list is written to by nobody until a campaign starts, then with its own words', async () => {
  const listId = await newList();
  await add(listId, lead('ann'), lead('ben'));
  expect(written()).toEqual([]);
  const id = simulator.heyreach.bindCampaign('by hand', listId);
  await add(listId, lead('cat'));
  expect(written()).toEqual([]);
  await call('POST', `/campaign/Resume?campaignId=${id}`);
  expect(written()).toHaveLength(3);
  expect(written()[0]).toBe('https://www.linkedin.com/in/ann Hello ann');
});

test.each(['PAUSED', 'FINISHED'] as const)(
  'adding to the list of a campaign that is %s starts it again',
  async (status) => {
    const listId = await newList();
    const id = simulator.heyreach.bindCampaign('by hand', listId, status);
    await add(listId, lead('dan'));
    expect(simulator.heyreach.campaign(id)?.status).toBe('IN_PROGRESS');
    expect(written()).toHaveLength(1);
  },
);

test('adding to a campaign starts it and writes at once', async () => {
  const listId = await newList();
  const campaignId = simulator.heyreach.bindCampaign('by hand', listId, 'PAUSED');
  const accountLeadPairs = [{ lead: lead('eve'), linkedInAccountId: 1 }];
  await call('POST', '/campaign/AddLeadsToCampaignV2', { campaignId, accountLeadPairs });
  expect(simulator.heyreach.campaign(campaignId)?.status).toBe('IN_PROGRESS');
  expect(written()).toHaveLength(1);
});

test('the list of a running campaign is not changed', async () => {
  const listId = await newList();
  simulator.heyreach.bindCampaign('by hand', listId, 'IN_PROGRESS');
  expect(await add(listId, lead('fay'))).toMatchObject({ status: 400 });
  const profileUrls = ['https://www.linkedin.com/in/fay'];
  expect(
    await call('DELETE', '/list/DeleteLeadsFromListByProfileUrl', { listId, profileUrls }),
  ).toMatchObject({ status: 400 });
});

test('who has no name is dropped with success, who is there already is updated', async () => {
  const listId = await newList();
  expect(await add(listId, { ...lead('gil'), lastName: '' })).toMatchObject({
    status: 200,
    value: { addedLeadsCount: 0, updatedLeadsCount: 0 },
  });
  await add(listId, lead('hal', 'one'));
  expect(await add(listId, lead('hal', 'two'))).toMatchObject({
    value: { addedLeadsCount: 0, updatedLeadsCount: 1 },
  });
  expect((await call('POST', '/list/GetLeadsFromList', { listId })).value).toMatchObject({
    totalCount: 1,
    items: [{ customFields: [{ name: 'body', value: 'two' }] }],
  });
  expect(
    await add(listId, { ...lead('ida'), customUserFields: [{ name: 'no dots.', value: 'x' }] }),
  ).toMatchObject({ status: 400 });
});

test('a lead that was stopped is not written to when its campaign goes on', async () => {
  const listId = await newList();
  await add(listId, lead('jon'), lead('kim'));
  const campaignId = simulator.heyreach.bindCampaign('by hand', listId, 'PAUSED');
  const leadUrl = 'https://www.linkedin.com/in/jon';
  expect(await call('POST', '/campaign/StopLeadInCampaign', { campaignId, leadUrl })).toMatchObject({
    status: 200,
  });
  await call('POST', `/campaign/Resume?campaignId=${campaignId}`);
  expect(written()).toEqual(['https://www.linkedin.com/in/kim Hello kim']);
});
