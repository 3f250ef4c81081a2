// Risk: being logged out, refused or cut off looks like something else, so that a reviewer waits for nothing.
import { describe, expect, test } from '@jest/globals';
import { failureWords } from '../words/failure-words.ts';
import { failureOf, passesByItself } from './api-failure.ts';

const answer = (status: number, error: Record<string, unknown> | null, retryAfter: string | null = null) =>
  failureOf({
    status,
    body: error === null ? undefined : { error: { message: 'm', correlationId: 'corr-12345678', ...error } },
    correlationId: 'header-12345678',
    retryAfter,
  });

describe('the kind of a failure', () => {
  test.each([
    [401, 'signed_out'],
    [403, 'forbidden'],
    [404, 'missing'],
    [409, 'conflict'],
    [429, 'too_many'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [400, 'refused'],
    [413, 'refused'],
    [500, 'refused'],
  ])('of status %d is %s, with or without an envelope', (status, kind) => {
    expect([answer(status, { code: 'x' }).kind, answer(status, null).kind]).toEqual([kind, kind]);
  });

  test('names the state that won a conflict', () => {
    const conflict = answer(409, { code: 'state_conflict', details: { status: 'approved' } });
    expect(conflict).toMatchObject({ kind: 'conflict', code: 'state_conflict', status: 'approved' });
  });

  test.each([
    [{ code: 'upstream_unavailable', details: { part: 'scheduler' } }, 'the scheduler'],
    [{ code: 'upstream_unavailable', message: 'The gatekeeper does not answer.' }, 'the gatekeeper'],
    [{ code: 'store_unavailable' }, 'the store (Redis)'],
  ])('names the part that is away: %j', (error, words) => {
    expect(failureWords(answer(503, error)).title).toContain(words);
  });

  test('says how long to wait, and does not believe a header that is no number', () => {
    expect([answer(429, { code: 'x' }, '7'), answer(429, { code: 'x' }, 'soon')]).toMatchObject([
      { retryAfterMs: 7_000 },
      { retryAfterMs: 5_000 },
    ]);
  });
});

test('the reference shown is the one of the envelope, else of the header', () => {
  expect([answer(500, { code: 'internal' }).correlationId, answer(500, null).correlationId]).toEqual([
    'corr-12345678',
    'header-12345678',
  ]);
});

test('only what can pass is tried again', () => {
  const statuses = [400, 401, 403, 404, 409, 429, 500, 503];
  expect(statuses.filter((status) => passesByItself(answer(status, null)))).toEqual([429, 503]);
});

test('a refusal for lack of a permission says which, in words', () => {
  const words = failureWords(answer(403, { code: 'forbidden', details: { permission: 'halt:lift' } }));
  expect(words.detail).toBe('Your sign-in does not allow you to lift the stop.');
});
