// Risk: a path that reads differently at the door and behind it reaches a service unauthenticated, or an internal address.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainPathOf } from './request-path.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';
import { ownerOf } from './upstreams.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
afterAll(() => rig.close());

/** The status of a request whose target is sent exactly as written, which no HTTP library does for all of these. */
const statusOf = (target: string, headers: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: rig.port, host: '127.0.0.1' }, () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: door.example\r\nConnection: close\r\n${headers}\r\n`),
    );
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
    socket.once('error', reject);
  });

const tricks = [
  '/api/../internal/runs',
  '/api/../api/drafts',
  '/api/./drafts',
  '/api/drafts/..',
  '/api/drafts/../../internal/runs/x',
  '/api/drafts/%2e%2e/%2e%2e/internal/runs/x',
  '/api/drafts/..%2f..%2finternal/runs/x',
  '/api/drafts%2f..%2f..%2finternal',
  '/api/drafts/%2E%2E%5Cinternal',
  '/api/drafts\\..\\internal',
  '/api//drafts',
  '//api/drafts',
  '///api/drafts',
  '//gatekeeper/api/drafts',
  '/%61pi/drafts',
  '/api%2fdrafts',
  '/api/%64rafts',
  '/api;x=1/drafts',
  '/api/drafts;x=1',
  '/api/drafts%00',
  '/api/drafts%3Fstatus',
  '/api/drafts#/x',
  '/api/drafts/%E0%A4%A',
  '/API/drafts',
  '/api/DRAFTS',
  '/api/draftsman',
  '/api/drafts-of-mine',
  '/api/internal/runs',
  '/internal/runs/run_01TE0000000000000000000001/intake-answers',
  '/u/../api/drafts',
  '/u/../internal/runs/x',
  '/u/%2e%2e%2finternal',
  '/u//api/drafts',
  '/u/x/../../api/drafts',
  '/u/x/y',
  '/u/x%2f..%2f..%2fapi%2fdrafts',
  '/u',
  '/u/',
  'http://gatekeeper/api/drafts',
  'http://gatekeeper:8081/internal/runs/x',
  'http://door.example/u/x',
  'https://door.example/api/../internal',
  'ftp://door.example/api/drafts',
  'gatekeeper:8081',
  '*',
];

describe('a path that is not plain', () => {
  test.each(tricks)('%s reaches no service, with a credential or without', async (target) => {
    const open = await statusOf(target, '');
    const authenticated = await statusOf(target, `X-Dashboard-Token: ${token}\r\n`);
    expect([open, authenticated].every((status) => status >= 400 && status < 500)).toBe(true);
    expect(rig.seen).toEqual([]);
  });
});

test.each([
  ['/api/drafts', 'gatekeeper'],
  ['/api/drafts/', 'gatekeeper'],
  ['/api/drafts/drf_01TE0000000000000000000001/approve?note=a/../b%2f#', 'gatekeeper'],
  ['/api/halt', 'gatekeeper'],
  ['/api/actions/act_01TE0000000000000000000001/evidence', 'gatekeeper'],
  ['/api/pipeline-runs/run_01TE0000000000000000000001/rows?after=2', 'scheduler'],
])('%s goes to the %s as it is', async (target, owner) => {
  const sent = target.replace('#', '');
  expect(await statusOf(sent, `X-Dashboard-Token: ${token}\r\n`)).toBe(200);
  expect(rig.seen.splice(0)).toMatchObject([{ service: owner, path: sent }]);
});

test('a link in a message goes to the webhooks, signed, in nobody’s name', async () => {
  expect(await statusOf('/u/AbC-123_x', '')).toBe(200);
  expect(await statusOf('/u/AbC-123_x', `X-Dashboard-Token: ${token}\r\n`)).toBe(200);
  const nobody = { service: 'webhooks', path: '/u/AbC-123_x', user: null, issuer: 'gateway' };
  expect(rig.seen.splice(0)).toMatchObject([nobody, nobody]);
});

test('whatever is written, a path that passes is its own only reading and belongs to its first segments', () => {
  const piece = fc.constantFrom(
    ...['api', 'drafts', 'internal', 'u', '.', '..', '%2e', '%2F', '\\', '/', '//', '?', '#', ';', 'x', ''],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const target = `/${pieces.join('/')}`;
      const path = plainPathOf(target);
      if (path === null) return;
      const read = new URL(target, 'http://door.example').pathname;
      expect(read).toBe(path);
      expect(decodeURIComponent(path)).toBe(path);
      if (ownerOf(path) !== null) expect(path.startsWith('/api/')).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
