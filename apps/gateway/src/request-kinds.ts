import type { LimitKind } from './door-settings.ts';

export type RequestKind = Exclude<LimitKind, 'login' | 'wrong-token' | 'inngest' | 'inngest-large'>;

/** Requests that cost more than their method tells; the first that fits counts. */
const kinds: readonly (readonly [method: string, path: RegExp, kind: RequestKind])[] = [
  ['GET', /^\/api\/batches\/[^/]+\/events\/?$/, 'stream'],
  ['GET', /^\/api\/audit\/verify\/?$/, 'expensive'],
  ['POST', /^\/api\/batches\/?$/, 'expensive'],
  ['POST', /^\/api\/people\/find\/?$/, 'expensive'],
  ['POST', /^\/api\/operator\/trigger\/?$/, 'expensive'],
  ['POST', /^\/api\/pipeline-runs\/?$/, 'upload'],
  ['POST', /^\/api\/(?:suppressions\/import|exclusions)\/?$/, 'upload'],
];

/** Which limit a request counts against. */
export const requestKindOf = (method: string, path: string): RequestKind => {
  const special = kinds.find(([wanted, form]) => wanted === method && form.test(path));
  if (special !== undefined) return special[2];
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
};
