// Risk: an address under /api is spelled so that it is not taken for one, and the door beside it stands open.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isApiTarget } from './api-door.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
afterAll(() => rig.close());

/** The first line of the answer to a request target that no client library would send. */
const statusOf = (target: string, headers = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(rig.port, '127.0.0.1', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: door.example\r\n${headers}Connection: close\r\n\r\n`),
    );
    let bytes = '';
    socket.on('data', (chunk: Buffer) => (bytes += chunk.toString('latin1')));
    socket.once('error', reject);
    socket.once('close', () => resolve(bytes.split(' ')[1] ?? ''));
  });

const spellings = [
  '/api',
  '/api/',
  '/api?',
  '/API/drafts',
  '/Api/Drafts',
  '//api/drafts',
  '///api/drafts',
  'http://door.example/api/drafts',
  'HTTP://other.example/api/drafts?x=1',
  'https://door.example//API',
];

describe('however it is spelled, it is the API', () => {
  test.each(spellings)('%s', async (target) => {
    expect(isApiTarget(target)).toBe(true);
    expect(await statusOf(target)).toBe('401');
    rig.seen.length = 0;
    expect(await statusOf(target, `X-Dashboard-Token: ${token}\r\n`)).toBe('404');
    expect(rig.seen).toEqual([]);
  });
});

test.each(['/', '/sales', '/apis', '/api.json', '/apidocs/api', '/static/api', '/u/api', '/x?/api', '*'])(
  '%s is not the API',
  (target) => {
    expect(isApiTarget(target)).toBe(false);
  },
);

test('the API and the pages forbid browsers the same', async () => {
  const { headers: ofApi } = await rig.callIn({ path: '/api/session' });
  const { headers: ofPage } = await rig.call({ path: '/login' });
  const about =
    /^(?:content-security|cross-origin-|origin-agent|permissions-|referrer-|x-(?!correlation|ratelimit))/;
  const named = (headers: typeof ofApi) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => about.test(name)));
  expect(Object.keys(named(ofApi)).length).toBeGreaterThan(8);
  expect(named(ofApi)).toEqual(named(ofPage));
});

test('the case of a replay goes on to the service, and a case of another form does not', async () => {
  rig.seen.length = 0;
  await rig.callIn({ path: '/api/drafts', headers: { 'x-case-id': 'case-7' } });
  await rig.callIn({ path: '/api/drafts', headers: { 'x-case-id': 'no case/../' } });
  expect(rig.seen.map(({ headers }) => headers['x-case-id'])).toEqual(['case-7', undefined]);
});

test('its record names the service that was asked, once', async () => {
  const { headers } = await rig.callIn({ path: '/api/drafts?limit=3' });
  const lines = (await rig.traces())
    .trim()
    .split('\n')
    .map(
      (line) => JSON.parse(line) as { correlation_id: string; tool_name: string; tool_input_summary: string },
    )
    .filter((line) => line.correlation_id === headers['x-correlation-id']);
  expect(lines.map((line) => line.tool_name)).toEqual(['gateway:GET /api{/*path}']);
  expect(JSON.parse(lines[0]?.tool_input_summary ?? '{}')).toMatchObject({
    to: 'gatekeeper',
    user: 'dashboard',
  });
});
