// Risk: somebody who reads the private network sends a captured command again and undoes what was decided since.
import { serviceTokenHeader } from '@caio/auth';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import type { GateBench } from './testing/gate-bench.ts';
import { type Http, userName } from './testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from './testing/route-bench.ts';

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

const send = (method: 'get' | 'post', path: string, token: string, body?: string) => {
  const call = request(http.server)[method](path).set(serviceTokenHeader, token);
  return body === undefined ? call : call.set('content-type', 'application/json').send(body);
};
const stop = () => bench.lists.setHalt('stop', userName, 'a reason', 'correlation-1');

test('a captured lift of a stop does not lift the next one', async () => {
  await stop();
  const body = JSON.stringify({ reason: 'all is well again' });
  const token = http.tokenOf('POST', '/api/halt/lift', body, {});
  expect((await send('post', '/api/halt/lift', token, body)).status).toBe(200);
  await stop();
  const again = await send('post', '/api/halt/lift', token, body);
  expect([again.status, codeOf(again)]).toEqual([401, 'unauthenticated']);
  expect(again.body.error.details).toEqual({ reason: 'token_used' });
  expect((await bench.lists.readHalt(false)).active).toBe(true);
});

test('a captured approval does not approve a text that was recalled', async () => {
  const draft = await bench.pendingDraft();
  const body = JSON.stringify({ contentDigest: draft.contentDigest });
  const path = `/api/drafts/${draft.draftId}/approve`;
  const token = http.tokenOf('POST', path, body, {});
  expect((await send('post', path, token, body)).status).toBe(200);
  await bench.reviewDraft.recall({ ...bench.by, draftId: draft.draftId, reason: 'second thoughts' });
  expect((await send('post', path, token, body)).status).toBe(401);
  expect((await bench.draftOf(draft.draftId)).status).toBe('pending');
});

test('a question may be asked again: repeating it tells its owner nothing new', async () => {
  const token = http.tokenOf('GET', '/api/halt', null, {});
  for (const _ of [1, 2]) expect((await send('get', '/api/halt', token)).status).toBe(200);
});
