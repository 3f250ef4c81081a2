// Risk: a request goes to a service that does not own it, because two own paths that begin alike.
import { expect, test } from '@jest/globals';
import { routes } from '@caio/contracts';
import { ownerOf } from './upstreams.ts';

test('every route behind a permission goes to the service that answers it', () => {
  const passedOn = routes.filter(({ door }) => door.kind === 'permission');
  expect(passedOn.length).toBeGreaterThan(20);
  for (const { path, service } of passedOn)
    expect([path, ownerOf(path.replace(/:\w+/g, 'x'))]).toEqual([path, service]);
});

test.each([
  '/',
  '/api',
  '/api/',
  '/api/draftsman',
  '/api/internal',
  '/internal/runs/x',
  '/u/x',
  '/x/api/drafts',
  '/api/session',
])('%s is nobody’s behind the door', (path) => {
  expect(ownerOf(path)).toBeNull();
});
