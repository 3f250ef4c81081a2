// Risk: somebody without a credential reaches the system, learns its paths, or reads a credential in a log.
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callHttp, problemOf } from '@caio/test-kit';
import { accessTokensOf } from './config.ts';
import { startGatewayRig, previousToken, token, type GatewayRig } from './testing/gateway-rig.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
afterAll(() => rig.close());

describe('without a credential', () => {
  const paths = [
    '/api',
    '/api/',
    '/api/drafts',
    '/api/pipeline-runs/x',
    '/api/nothing/like/this',
    '/API/drafts',
  ];
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'];

  test.each(methods)(
    '%s is 401 on every path, known or not, and nothing behind hears of it',
    async (method) => {
      for (const path of paths) {
        const answer = await rig.call({ method, path });
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(answer.headers['x-correlation-id']).toMatch(/^cor-/);
        if (method === 'HEAD') continue;
        const problem = problemOf(answer);
        expect(problem).toMatchObject({
          code: 'unauthenticated',
          correlationId: answer.headers['x-correlation-id'],
        });
        expect(problem.fix).toContain('X-Dashboard-Token');
      }
      expect(rig.seen).toEqual([]);
    },
  );

  test('the answer comes without the body being waited for', async () => {
    // Two bytes of ten thousand are sent, so whoever reads the body first never answers.
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port: rig.port, host: '127.0.0.1' }, () =>
        socket.write('POST /api/drafts HTTP/1.1\r\nHost: door\r\nContent-Length: 10000\r\n\r\n{}'),
      );
      socket.setEncoding('utf8').once('data', (data: string) => {
        socket.destroy();
        resolve(data);
      });
      socket.once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('OPTIONS passes with one answer for every path, and no service is asked', async () => {
    const known = await rig.call({ method: 'OPTIONS', path: '/api/drafts' });
    const unknown = await rig.call({ method: 'OPTIONS', path: '/api/no-such-thing' });
    expect([known.status, unknown.status]).toEqual([204, 204]);
    expect(known.headers.allow).toBe(unknown.headers.allow);
    expect(rig.seen).toEqual([]);
  });
});

describe('a presented credential', () => {
  const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
  test.each([
    ['absent', {}],
    ['empty', { 'x-dashboard-token': '' }],
    ['of spaces', { 'x-dashboard-token': '   ' }],
    ['wrong', { 'x-dashboard-token': 'tok-wrong-wrong-wrong' }],
    ['a prefix of the right one', { 'x-dashboard-token': token.slice(0, -1) }],
    ['the right one and more', { 'x-dashboard-token': `${token}x` }],
    ['in another case', { 'x-dashboard-token': token.toUpperCase() }],
    ['of bytes that are no text', { 'x-dashboard-token': 'tök-Zq3xV8mWn5Rb7LkÿH' }],
    ['overlong', { 'x-dashboard-token': token.repeat(500) }],
    ['sent twice, both right', { 'x-dashboard-token': [token, token] }],
    ['sent twice, one right', { 'x-dashboard-token': [token, 'tok-wrong-wrong-wrong'] }],
    ['a bearer sent twice', { authorization: [`Bearer ${token}`, 'Bearer tok-wrong-wrong-wrong'] }],
    [
      'right in one header, sent twice in the other',
      { 'x-dashboard-token': token, ...bearer(token), Authorization: [`Bearer ${token}`, `Bearer ${token}`] },
    ],
    ['a wrong bearer', bearer('tok-wrong-wrong-wrong')],
    ['a bearer without a token', { authorization: 'Bearer' }],
    ['a bearer of two words', bearer(`${token} ${token}`)],
    ['of another scheme', { authorization: `Basic ${token}` }],
    ['wrong beside a right bearer', { 'x-dashboard-token': 'tok-wrong-wrong-wrong', ...bearer(token) }],
    [
      'the digest that is kept of it',
      { 'x-dashboard-token': createHash('sha256').update(token).digest('hex') },
    ],
    ['in the query of a change', {}],
  ])('%s is refused', async (name, headers: Record<string, string | string[]>) => {
    const method = name === 'in the query of a change' ? 'POST' : 'GET';
    const path = method === 'POST' ? `/api/drafts?token=${token}` : '/api/drafts';
    const answer = await rig.call({ method, path, headers });
    expect([answer.status, problemOf(answer).code]).toEqual([401, 'unauthenticated']);
    expect(answer.text).not.toContain(token);
    expect(rig.seen).toEqual([]);
  });

  test.each([
    ['the token', { 'x-dashboard-token': token }],
    ['the token with spaces around it', { 'x-dashboard-token': `  ${token} ` }],
    ['the former token', { 'x-dashboard-token': previousToken }],
    ['a bearer', bearer(token)],
    ['a bearer in lower case', { authorization: `bearer ${token}` }],
    ['a bearer beside an empty header', { 'x-dashboard-token': '', ...bearer(token) }],
  ])('%s lets in', async (_name, headers: Record<string, string>) => {
    const before = rig.seen.length;
    const answer = await rig.call({ path: '/api/drafts', headers });
    expect(answer.status).toBe(200);
    expect(rig.seen).toHaveLength(before + 1);
    rig.seen.length = 0;
  });

  test('a header larger than any credential ends the connection with 431 and reaches nobody', async () => {
    const answer = await rig.call({
      path: '/api/drafts',
      headers: { 'x-dashboard-token': 'x'.repeat(20_000) },
    });
    expect(answer.status).toBe(431);
    expect(rig.seen).toEqual([]);
  });
});

test('an unknown path is 404 only to whoever is let in, and unknown paths elsewhere are 404 to everybody', async () => {
  expect((await rig.callIn({ path: '/api/no-such-thing' })).status).toBe(404);
  for (const path of [
    '/salesman',
    '/static/none.js',
    '/internal/runs',
    '/apis',
    '/apix/drafts',
    '/metrics/x',
    '/.env',
  ]) {
    const answer = await rig.callIn({ path });
    expect([path, answer.status, problemOf(answer).code]).toEqual([path, 404, 'not_found']);
  }
  expect(rig.seen).toEqual([]);
});

test('no token is written anywhere, whether it let in or not', async () => {
  const wrong = 'tok-guess-Pw9Kc4Jd1Q';
  await rig.callIn({ path: `/api/drafts?token=${token}` });
  await rig.call({ path: `/api/drafts?token=${token}` });
  await rig.call({ path: `/api/drafts?token=${wrong}` });
  await rig.call({ path: `/api/drafts?token=${wrong}`, headers: { 'x-dashboard-token': wrong } });
  await rig.call({ path: '/api/drafts', headers: { authorization: `Bearer ${wrong}` } });
  await rig.call({ path: `/u/${token}` });
  const written = rig.log() + (await rig.traces());
  expect(written).toContain('/api');
  for (const secret of [token, previousToken, wrong]) expect(written).not.toContain(secret);
  rig.seen.length = 0;
});

test('no configured token: nobody gets in, and the answer names the variable to set', async () => {
  const closed = await startGatewayRig({ tokens: {} });
  try {
    const attempts: Record<string, string>[] = [
      {},
      { 'x-dashboard-token': '' },
      { 'x-dashboard-token': token },
      { authorization: 'Bearer x' },
    ];
    for (const headers of attempts) {
      const answer = await callHttp(closed.port, { path: '/api/drafts', headers });
      expect(answer.status).toBe(401);
      expect(problemOf(answer).fix).toContain('DASHBOARD_AUTH_TOKEN');
    }
    expect(closed.seen).toEqual([]);
    expect((await closed.call({ path: '/api/health/live' })).status).toBe(200);
  } finally {
    await closed.close();
  }
});

test('a malformed credential stops the start with the variable and the fix, never its value', () => {
  const variables = {
    GATEKEEPER_URL: 'http://127.0.0.1:1',
    SCHEDULER_URL: 'http://127.0.0.1:2',
    WEBHOOKS_URL: 'http://127.0.0.1:3',
    DASHBOARD_AUTH_TOKEN: 'too-short',
    ACCESS_TOKENS: '[{"name":"ops"}]',
  };
  let said = '';
  try {
    accessTokensOf(variables);
  } catch (error) {
    said = String(error);
  }
  expect(said).toContain('DASHBOARD_AUTH_TOKEN is shorter');
  expect(said).toContain('ACCESS_TOKENS has entries');
  expect(said).not.toContain('too-short');
});
