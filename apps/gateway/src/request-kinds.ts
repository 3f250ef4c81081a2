import type { LimitKind } from './door-settings.ts';

export type RequestKind = Exclude<LimitKind, 'login' | 'wrong-token' | 'inngest' | 'inngest-large'>;

/** Requests that cost more than their method tells; the first that fits counts. The services read either case. */
const kinds: readonly (readonly [method: string, path: RegExp, kind: RequestKind])[] = [
  ['GET', /^\/api\/batches\/[^/]+\/events\/?$/i, 'stream'],
  ['GET', /^\/api\/audit\/verify\/?$/i, 'expensive'],
  ['POST', /^\/api\/batches\/?$/i, 'expensive'],
  ['POST', /^\/api\/people\/find\/?$/i, 'expensive'],
  ['POST', /^\/api\/operator\/trigger\/?$/i, 'expensive'],
  ['POST', /^\/api\/pipeline-runs\/?$/i, 'upload'],
  ['POST', /^\/api\/what-if\/?$/i, 'expensive'],
  ['POST', /^\/api\/customers\/(?:sync|accept)\/?$/i, 'expensive'],
  ['POST', /^\/api\/(?:exclusions|(?:exclusions|suppressions)\/imports(?:\/preview)?)\/?$/i, 'upload'],
];

/** Which limit a request counts against. */
export const requestKindOf = (method: string, path: string): RequestKind => {
  // A HEAD is answered by what answers a GET, at its cost.
  const asked = method === 'HEAD' ? 'GET' : method;
  const special = kinds.find(([wanted, form]) => wanted === asked && form.test(path));
  if (special !== undefined) return special[2];
  return asked === 'GET' ? 'read' : 'write';
};
