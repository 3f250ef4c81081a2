import { createVendorCall, type Reply, type VendorClientOptions } from '../vendor-call.ts';
import {
  addedLeadSchema,
  campaignPageSchema,
  leadPageSchema,
  vendorCampaignSchema,
  vendorErrorSchema,
  vendorLeadSchema,
  type VendorCampaign,
  type VendorLead,
} from './vendor-schemas.ts';

export interface LeadFilter {
  readonly campaign?: string;
  readonly contacts?: readonly string[];
  readonly ids?: readonly string[];
}

const pageSize = 100;
const pagesMax = 1_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly next_starting_after?: string | null | undefined;
}

/** The few calls of Instantly's API v2 that are used, each once, with its answer checked. Never retries. */
export function createInstantlyClient(options: VendorClientOptions) {
  const { call, close } = createVendorCall(options, {
    title: 'Instantly',
    prefix: '/api/v2',
    credential: { authorization: `Bearer ${options.apiKey}` },
    answers: 'json',
    wordsIn: (body) => vendorErrorSchema.safeParse(body).data?.message ?? null,
  });

  const collect = async <T extends { readonly id: string }>(
    page: (cursor: string | null) => Promise<Reply<Page<T>>>,
  ): Promise<Reply<T[]>> => {
    const items: T[] = [];
    let cursor: string | null = null;
    for (let turn = 0; turn < pagesMax; turn += 1) {
      const reply: Reply<Page<T>> = await page(cursor);
      if (!reply.ok) return reply;
      items.push(...reply.value.items);
      const next: string | null = reply.value.next_starting_after ?? null;
      if (reply.value.items.length === 0 || next === null) return { ok: true, value: items };
      cursor = next;
    }
    // Taking part of a list for the whole of it would turn "not on these pages" into "absent".
    return { ok: false, failure: { kind: 'unreadable', code: 'answer_unexpected' } };
  };

  const segment = encodeURIComponent;

  return {
    /** `writeDeadlineMs` guards the message itself; nothing else a client sends carries it. */
    addLead: (lead: unknown, marks: { actionId: string; correlationId: string; writeDeadlineMs: number }) =>
      call(
        addedLeadSchema,
        {
          method: 'POST',
          path: '/leads',
          body: JSON.stringify(lead),
          writeDeadlineMs: marks.writeDeadlineMs,
        },
        marks.correlationId,
        { 'idempotency-key': marks.actionId },
      ),
    listLeads: (filter: LeadFilter, correlationId: string): Promise<Reply<VendorLead[]>> =>
      collect((cursor) =>
        call(
          leadPageSchema,
          {
            method: 'POST',
            path: '/leads/list',
            body: JSON.stringify({
              ...filter,
              limit: pageSize,
              ...(cursor === null ? {} : { starting_after: cursor }),
            }),
          },
          correlationId,
        ),
      ),
    /** At most 100 ids, one request. */
    readLeads: async (ids: readonly string[], correlationId: string): Promise<Reply<VendorLead[]>> => {
      const body = JSON.stringify({ ids, limit: pageSize });
      const reply = await call(leadPageSchema, { method: 'POST', path: '/leads/list', body }, correlationId);
      return reply.ok ? { ok: true, value: reply.value.items } : reply;
    },
    deleteLead: (id: string, correlationId: string): Promise<Reply<VendorLead>> =>
      call(vendorLeadSchema, { method: 'DELETE', path: `/leads/${segment(id)}` }, correlationId),
    campaign: (id: string, correlationId: string): Promise<Reply<VendorCampaign>> =>
      call(vendorCampaignSchema, { method: 'GET', path: `/campaigns/${segment(id)}` }, correlationId),
    /** Every campaign whose name contains `search`, as Instantly searches. */
    campaigns: (search: string, correlationId: string): Promise<Reply<VendorCampaign[]>> =>
      collect((cursor) => {
        const query = new URLSearchParams({ limit: String(pageSize), search });
        if (cursor !== null) query.set('starting_after', cursor);
        return call(
          campaignPageSchema,
          { method: 'GET', path: `/campaigns?${query.toString()}` },
          correlationId,
        );
      }),
    createCampaign: (campaign: unknown, correlationId: string): Promise<Reply<VendorCampaign>> =>
      call(
        vendorCampaignSchema,
        { method: 'POST', path: '/campaigns', body: JSON.stringify(campaign) },
        correlationId,
      ),
    deleteCampaign: (id: string, correlationId: string): Promise<Reply<VendorCampaign>> =>
      call(vendorCampaignSchema, { method: 'DELETE', path: `/campaigns/${segment(id)}` }, correlationId),
    pauseCampaign: (id: string, correlationId: string): Promise<Reply<VendorCampaign>> =>
      call(vendorCampaignSchema, { method: 'POST', path: `/campaigns/${segment(id)}/pause` }, correlationId),
    activateCampaign: (id: string, correlationId: string): Promise<Reply<VendorCampaign>> =>
      call(
        vendorCampaignSchema,
        { method: 'POST', path: `/campaigns/${segment(id)}/activate` },
        correlationId,
      ),
    close,
  };
}

export type InstantlyClient = ReturnType<typeof createInstantlyClient>;
