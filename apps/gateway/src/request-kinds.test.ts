// Risk: a request that costs much is counted as a cheap one because it is spelled otherwise.
import { expect, test } from '@jest/globals';
import { requestKindOf } from './request-kinds.ts';

test.each([
  ['GET', '/api/batches/bat_1/events', 'stream'],
  ['GET', '/api/batches/bat_1/EVENTS/', 'stream'],
  ['HEAD', '/api/batches/bat_1/events', 'stream'],
  ['GET', '/api/audit/VERIFY', 'expensive'],
  ['HEAD', '/api/audit/verify', 'expensive'],
  ['POST', '/api/people/Find', 'expensive'],
  ['POST', '/api/batches', 'expensive'],
  ['POST', '/api/operator/Trigger', 'expensive'],
  ['POST', '/api/suppressions/Imports', 'upload'],
  ['POST', '/api/pipeline-runs/', 'upload'],
  ['GET', '/api/batches', 'read'],
  ['HEAD', '/api/drafts', 'read'],
  ['POST', '/api/batches/bat_1/approve', 'write'],
  ['DELETE', '/api/audit/verify', 'write'],
] as const)('%s %s is counted as %s', (method, path, kind) => {
  expect(requestKindOf(method, path)).toBe(kind);
});
