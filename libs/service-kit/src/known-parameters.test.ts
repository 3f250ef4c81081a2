// Risk: a filter with a slip of the pen is ignored, and the answer to another question looks like the one asked.
import { routes } from '@caio/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startApp, type RunningApp } from './testing/running-app.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({
    mount: (service) => {
      service.use('/api', (_req, res) => {
        res.json({ answered: true });
      });
    },
  });
});
afterAll(() => app.close());

const messageOf = async (path: string): Promise<string> => {
  const { status, body } = await app.get(path);
  return status === 400 ? body.error.message : String(status);
};

test.each([
  ['/api/drafts?status[]=pending', '"status[]" does not exist here; this address takes status, order, tier'],
  ['/api/drafts?Status=pending', '"Status" does not exist here'],
  ['/api/drafts?status=pending&status=approved', '"status" is given more than once'],
  ['/api/drafts/?limit=5&limit=5', '"limit" is given more than once'],
  ['/api/queue-status?limit=5', '"limit" does not exist here; this address takes no parameters'],
  ['/api/batches/bat_1?all', '"all" does not exist here'],
  ['/api/drafts?jo@firm.example=1', 'one that is not repeated here'],
  ['/api/drafts?__proto__=1', 'does not exist here'],
])('%s is refused, by name and with what there is', async (path, words) => {
  expect(await messageOf(path)).toContain(words);
});

test.each([
  '/api/drafts',
  '/api/drafts?status=pending&limit=5',
  '/api/pending-emails?_ts=1700000000000',
  '/api/emails/history?limit=5',
])('%s is taken', async (path) => {
  expect(await messageOf(path)).toBe('200');
});

test('every query of the catalogue is an object whose names can be told', () => {
  expect(routes.filter(({ query }) => query !== null && !(query instanceof z.ZodObject))).toEqual([]);
});
