import type { z } from 'zod';
import { createVendorCall, type Reply, type VendorClientOptions } from '../vendor-call.ts';
import {
  addedLeadsSchema,
  anyAnswerSchema,
  campaignLeadSchema,
  createdListSchema,
  pageSchema,
  vendorCampaignSchema,
  vendorErrorSchema,
  vendorLeadSchema,
  vendorListSchema,
  type CampaignLead,
  type VendorCampaign,
  type VendorLead,
  type VendorList,
} from './vendor-schemas.ts';

const pageSize = 100;
const pagesMax = 1_000;

/**
 * The few calls of HeyReach's public API that are used, each once, with its answer checked. Never retries. The calls
 * that start a campaign (resume, start, add to a campaign) are not among them: only people do that, at the vendor.
 */
export function createHeyreachClient(options: VendorClientOptions) {
  const { call, close } = createVendorCall(options, {
    title: 'HeyReach',
    prefix: '/api/public',
    credential: { 'x-api-key': options.apiKey },
    answers: 'untyped',
    wordsIn: (body) => vendorErrorSchema.safeParse(body).data ?? null,
  });

  const post = <S extends z.ZodType>(
    schema: S,
    path: string,
    body: unknown,
    correlationId: string,
    writeDeadlineMs?: number,
  ): Promise<Reply<z.output<S>>> =>
    call(
      schema,
      {
        method: 'POST',
        path,
        body: JSON.stringify(body),
        ...(writeDeadlineMs === undefined ? {} : { writeDeadlineMs }),
      },
      correlationId,
    );

  /** Every page, or nothing: a part of a list taken for all of it would turn "not on these pages" into "absent". */
  const collect = async <S extends z.ZodType>(
    item: S,
    path: string,
    filter: object,
    correlationId: string,
  ): Promise<Reply<z.output<S>[]>> => {
    const schema = pageSchema(item);
    const items: z.output<S>[] = [];
    for (let turn = 0; turn < pagesMax; turn += 1) {
      const body = { ...filter, offset: turn * pageSize, limit: pageSize };
      const reply = await post(schema, path, body, correlationId);
      if (!reply.ok) return reply;
      items.push(...reply.value.items);
      if (items.length >= reply.value.totalCount) return { ok: true, value: items };
      if (reply.value.items.length === 0) break;
    }
    return { ok: false, failure: { kind: 'unreadable', code: 'answer_unexpected' } };
  };

  const campaignPath = (verb: 'GetById' | 'Pause', id: string): string =>
    `/campaign/${verb}?campaignId=${encodeURIComponent(id)}`;

  return {
    /** Every list whose name contains `keyword`, as HeyReach searches. */
    lists: (keyword: string, correlationId: string): Promise<Reply<VendorList[]>> =>
      collect(vendorListSchema, '/list/GetAll', { keyword }, correlationId),
    createList: (name: string, correlationId: string): Promise<Reply<{ id: string }>> =>
      post(createdListSchema, '/list/CreateEmptyList', { name, type: 'USER_LIST' }, correlationId),
    /** `writeDeadlineMs` guards the message itself; nothing else a client sends carries it. */
    addLead: (
      listId: string,
      lead: unknown,
      marks: { readonly correlationId: string; readonly writeDeadlineMs: number },
    ): Promise<Reply<{ taken: number | null }>> =>
      post(
        addedLeadsSchema,
        '/list/AddLeadsToListV2',
        { listId: Number(listId), leads: [lead] },
        marks.correlationId,
        marks.writeDeadlineMs,
      ),
    /** All leads of a list, or those of one profile. */
    leads: (
      listId: string,
      correlationId: string,
      profileUrl: string | null = null,
    ): Promise<Reply<VendorLead[]>> =>
      collect(
        vendorLeadSchema,
        '/list/GetLeadsFromList',
        { listId: Number(listId), ...(profileUrl === null ? {} : { leadProfileUrl: profileUrl }) },
        correlationId,
      ),
    deleteLead: (listId: string, profileUrl: string, correlationId: string): Promise<Reply<unknown>> =>
      call(
        anyAnswerSchema,
        {
          method: 'DELETE',
          path: '/list/DeleteLeadsFromListByProfileUrl',
          body: JSON.stringify({ listId: Number(listId), profileUrls: [profileUrl] }),
        },
        correlationId,
      ),
    campaigns: (correlationId: string): Promise<Reply<VendorCampaign[]>> =>
      collect(vendorCampaignSchema, '/campaign/GetAll', {}, correlationId),
    campaign: (id: string, correlationId: string): Promise<Reply<VendorCampaign>> =>
      call(vendorCampaignSchema, { method: 'GET', path: campaignPath('GetById', id) }, correlationId),
    pauseCampaign: (id: string, correlationId: string): Promise<Reply<unknown>> =>
      call(anyAnswerSchema, { method: 'POST', path: campaignPath('Pause', id) }, correlationId),
    campaignLeads: (id: string, correlationId: string): Promise<Reply<CampaignLead[]>> =>
      collect(
        campaignLeadSchema,
        '/campaign/GetLeadsFromCampaign',
        { campaignId: Number(id) },
        correlationId,
      ),
    stopLead: (id: string, profileUrl: string, correlationId: string): Promise<Reply<unknown>> =>
      post(
        anyAnswerSchema,
        '/campaign/StopLeadInCampaign',
        { campaignId: Number(id), leadUrl: profileUrl },
        correlationId,
      ),
    close,
  };
}

export type HeyreachClient = ReturnType<typeof createHeyreachClient>;
