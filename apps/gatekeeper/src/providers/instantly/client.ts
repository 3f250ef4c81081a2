import type { z } from 'zod';
import { createHttpExchange, type ExchangeRequest } from '../http-exchange.ts';
import { type Failure, retryAfterMsOf } from '../outcome-table.ts';
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

export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export interface InstantlyClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly monotonicMs: () => number;
  readonly nowMs: () => number;
}

export interface LeadFilter {
  readonly campaign?: string;
  readonly contacts?: readonly string[];
  readonly ids?: readonly string[];
}

const pageSize = 100;
const pagesMax = 1_000;
const answerBytesMax = 4 * 1_048_576;

interface Page<T> {
  readonly items: readonly T[];
  readonly next_starting_after?: string | null | undefined;
}

/** The few calls of Instantly's API v2 that are used, each once, with its answer checked. Never retries. */
export function createInstantlyClient(options: InstantlyClientOptions) {
  const base = new URL(options.baseUrl);
  const root = `${base.pathname.replace(/\/+$/, '')}/api/v2`;
  const exchange = createHttpExchange({
    origin: base.origin,
    timeoutMs: options.timeoutMs,
    monotonicMs: options.monotonicMs,
    connections: options.connections,
    answerBytesMax,
  });

  const call = async <S extends z.ZodType>(
    schema: S,
    request: Omit<ExchangeRequest, 'headers'>,
    correlationId: string,
    idempotencyKey: string | null = null,
  ): Promise<Reply<z.output<S>>> => {
    const answer = await exchange.send({
      ...request,
      path: root + request.path,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        accept: 'application/json',
        'x-correlation-id': correlationId,
        // Instantly answers 400 to an empty body that is declared to be JSON.
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
      },
    });
    switch (answer.state) {
      case 'not_written':
        return { ok: false, failure: { kind: 'not_written', code: answer.code } };
      case 'lost':
        return { ok: false, failure: { kind: 'lost', code: answer.code } };
      case 'answered':
        break;
    }
    if (answer.status < 200 || answer.status > 299) {
      const retryAfterMs = retryAfterMsOf(answer.retryAfter, options.nowMs());
      const message = `Instantly answered ${answer.status}${reasonIn(answer.text)}`;
      return { ok: false, failure: { kind: 'status', status: answer.status, retryAfterMs, message } };
    }
    if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(answer.contentType)) {
      return { ok: false, failure: { kind: 'unreadable', code: 'answer_wrong_type' } };
    }
    const body = jsonOf(answer.text);
    if (!body.ok) return { ok: false, failure: { kind: 'unreadable', code: 'answer_not_json' } };
    const parsed = schema.safeParse(body.value);
    return parsed.success
      ? { ok: true, value: parsed.data }
      : { ok: false, failure: { kind: 'unreadable', code: 'answer_unexpected' } };
  };

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
        marks.actionId,
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
    close: () => exchange.close(),
  };
}

export type InstantlyClient = ReturnType<typeof createInstantlyClient>;

function jsonOf(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

/** The vendor's own words, without addresses and cut short: they end up on a screen and in the audit. */
function reasonIn(text: string): string {
  const body = jsonOf(text);
  const parsed = vendorErrorSchema.safeParse(body.ok ? body.value : null);
  if (!parsed.success) return '.';
  return `: ${parsed.data.message.replace(/\S+@\S+/g, '[address]').slice(0, 160)}`;
}
