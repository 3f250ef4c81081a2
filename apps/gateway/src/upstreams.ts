import type { ServiceName } from '@caio/contracts';

export type Upstream = Exclude<ServiceName, 'gateway'>;

/** Which service owns a public path. The longest prefix wins; a path nobody owns is 404 after authentication. */
const owners: readonly (readonly [prefix: string, owner: Upstream])[] = [
  ['/api/drafts', 'gatekeeper'],
  ['/api/reviews', 'gatekeeper'],
  ['/api/batches', 'gatekeeper'],
  ['/api/actions', 'gatekeeper'],
  ['/api/halt', 'gatekeeper'],
  ['/api/suppressions', 'gatekeeper'],
  ['/api/exclusions', 'gatekeeper'],
  ['/api/people', 'gatekeeper'],
  ['/api/audit', 'gatekeeper'],
  ['/api/queue-status', 'gatekeeper'],
  ['/api/pending-emails', 'gatekeeper'],
  ['/api/emails', 'gatekeeper'],
  ['/api/rejection-tags', 'gatekeeper'],
  ['/api/operator', 'gatekeeper'],
  ['/api/pending-emails', 'gatekeeper'],
  ['/api/emails', 'gatekeeper'],
  ['/api/rejection-tags', 'gatekeeper'],
  ['/api/operator', 'gatekeeper'],
  ['/api/pipeline-runs', 'scheduler'],
];

/** The owner of a path, or null. `/api/draftsman` is not `/api/drafts`. */
export const ownerOf = (path: string): Upstream | null =>
  owners.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1] ?? null;
