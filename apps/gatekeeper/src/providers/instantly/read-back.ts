import type { InstantlyClient } from './client.ts';
import { describeFailure } from './outcomes.ts';
import type { VendorLead } from './vendor-schemas.ts';

export type ReadBack =
  | { readonly state: 'found'; readonly lead: VendorLead }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly message: string };

interface Waiting {
  readonly leadId: string;
  readonly correlationId: string;
  readonly resolve: (answer: ReadBack) => void;
}

const groupMax = 100;
const underwayMax = 2;

/**
 * Reads single leads back in groups: a lone one is asked for at once, those that come while answers are
 * outstanding share the next request. One question a message would double the calls to the vendor.
 */
export function createReadBack({ client }: { readonly client: InstantlyClient }) {
  let waiting: Waiting[] = [];
  let underway = 0;

  const next = (): void => {
    if (waiting.length === 0 || underway >= underwayMax) return;
    const group = waiting.slice(0, groupMax);
    waiting = waiting.slice(groupMax);
    underway += 1;
    void ask(group).finally(() => {
      underway -= 1;
      next();
    });
  };

  const ask = async (group: readonly Waiting[]): Promise<void> => {
    const [first] = group;
    if (first === undefined) return;
    const ids = [...new Set(group.map(({ leadId }) => leadId))];
    const reply = await client.readLeads(ids, first.correlationId);
    if (!reply.ok) {
      const message = describeFailure(reply.failure);
      for (const { resolve } of group) resolve({ state: 'unreadable', message });
      return;
    }
    const leads = new Map(reply.value.map((lead) => [lead.id, lead]));
    for (const { leadId, resolve } of group) {
      const lead = leads.get(leadId);
      resolve(lead === undefined ? { state: 'absent' } : { state: 'found', lead });
    }
  };

  return (leadId: string, correlationId: string): Promise<ReadBack> =>
    new Promise((resolve) => {
      waiting.push({ leadId, correlationId, resolve });
      queueMicrotask(next);
    });
}
