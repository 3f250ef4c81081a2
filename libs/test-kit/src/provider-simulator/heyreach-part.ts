import { type z } from 'zod';
import { heyreachEndpoints, type HeyreachEndpoint } from './endpoints.ts';
import {
  addLeadsSchema,
  addToCampaignSchema,
  createListSchema,
  deleteLeadsSchema,
  leadsOfCampaignSchema,
  leadsOfListSchema,
  pageSchema,
  stopLeadSchema,
  type CountSpelling,
} from './heyreach-shapes.ts';
import type { HeyreachCampaign, HeyreachList, HeyreachWorkspace } from './heyreach-workspace.ts';
import type { Answer, VendorCall, VendorPart } from './vendor-part.ts';

/** What the vendor says; the word for the field differs between its versions. */
const heyreachError = (status: number, message: string): Answer => ({
  status,
  body: { errorMessage: message },
});

const notFound = heyreachError(404, 'Not found');
const nothing: Answer = { status: 200, body: null };
const listInUse = heyreachError(
  400,
  'The list you selected cannot be currently modified because it is used by a running campaign.',
);

function withBody<S extends z.ZodType>(
  schema: S,
  body: unknown,
  use: (value: z.output<S>) => Answer,
): Answer {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return use(parsed.data);
  return heyreachError(400, parsed.error.issues[0]?.message ?? 'is not valid');
}

const pageOf = <T>(items: readonly T[], { offset, limit }: { offset: number; limit: number }): Answer => ({
  status: 200,
  body: { totalCount: items.length, items: items.slice(offset, offset + limit) },
});

const shownList = ({ id, name, listType, creationTime, leads }: HeyreachList) => ({
  ...{ id, name, listType, creationTime, totalItemsCount: leads.size },
});

export interface HeyreachPartOptions {
  readonly workspace: HeyreachWorkspace;
  readonly apiKey: string | undefined;
  /** How additions are counted in answers from now on. */
  readonly countSpelling: () => CountSpelling;
}

/** HeyReach's public API. It never says what type its answers are. */
export function createHeyreachPart({
  workspace,
  apiKey,
  countSpelling,
}: HeyreachPartOptions): VendorPart<HeyreachEndpoint> {
  const shownCampaign = ({ id, name, status, linkedInUserListId }: HeyreachCampaign) => ({
    ...{ id, name, status, linkedInUserListId },
    linkedInUserListName: workspace.list(linkedInUserListId)?.name ?? null,
    campaignAccountIds: [1],
  });
  const shownEnrolled = (campaign: HeyreachCampaign) =>
    [...campaign.enrolled.values()].map(({ lead, ...states }) => ({
      ...{ id: lead.id, linkedInUserProfile: lead, leadConnectionStatus: 'None' },
      ...states,
    }));
  const onCampaign = (id: unknown, use: (campaign: HeyreachCampaign) => Answer): Answer => {
    const campaign = workspace.campaign(Number(id));
    return campaign === undefined ? notFound : use(campaign);
  };
  const onList = (id: number, use: (list: HeyreachList) => Answer): Answer => {
    const list = workspace.list(id);
    return list === undefined ? notFound : use(list);
  };

  const addLeads = (call: VendorCall<HeyreachEndpoint>): Answer =>
    withBody(addLeadsSchema, call.body, ({ listId, leads }) => {
      const wanted = call.partialAdd ? leads.slice(0, -1) : leads;
      const answer = workspace.addLeads(listId, wanted, call.marks, call.change);
      switch (answer.state) {
        case 'no_list':
          return notFound;
        case 'list_in_use':
          return listInUse;
        case 'bad_field':
          return heyreachError(400, 'Custom field names may hold letters, digits and underscores only.');
        case 'done': {
          const spelling = countSpelling();
          const { added, updated, failed } = answer;
          if (spelling === 'none') return { status: 200, body: {} };
          return spelling === 'addedLeadsCount'
            ? {
                status: 200,
                body: { addedLeadsCount: added, updatedLeadsCount: updated, failedLeadsCount: failed },
              }
            : { status: 200, body: { [spelling]: added + updated } };
        }
      }
    });

  const answer = (call: VendorCall<HeyreachEndpoint>): Answer => {
    const campaignId = call.query.get('campaignId');
    switch (call.endpoint) {
      case 'heyreach GET /auth/CheckApiKey':
        return nothing;
      case 'heyreach POST /list/CreateEmptyList':
        return withBody(createListSchema, call.body, ({ name, type }) => ({
          status: 200,
          body: shownList(workspace.createList(name, type)),
        }));
      case 'heyreach POST /list/GetAll':
        return withBody(pageSchema, call.body, (query) =>
          pageOf(
            workspace
              .lists()
              .filter(({ name }) => name.includes(query.keyword ?? ''))
              .map(shownList),
            query,
          ),
        );
      case 'heyreach GET /list/GetById':
        return onList(Number(call.query.get('listId')), (list) => ({ status: 200, body: shownList(list) }));
      case 'heyreach POST /list/AddLeadsToListV2':
        return addLeads(call);
      case 'heyreach POST /list/GetLeadsFromList':
        return withBody(leadsOfListSchema, call.body, (query) =>
          onList(query.listId, (list) =>
            pageOf(
              workspace
                .leadsOf(list)
                .filter(
                  ({ profileUrl }) =>
                    query.leadProfileUrl === undefined || profileUrl === query.leadProfileUrl,
                ),
              query,
            ),
          ),
        );
      case 'heyreach DELETE /list/DeleteLeadsFromListByProfileUrl':
        return withBody(deleteLeadsSchema, call.body, ({ listId, profileUrls }) =>
          onList(listId, (list) => {
            const notFoundInList = workspace.deleteLeads(list, profileUrls);
            return notFoundInList === null ? listInUse : { status: 200, body: { notFoundInList } };
          }),
        );
      case 'heyreach POST /campaign/GetAll':
        return withBody(pageSchema, call.body, (query) =>
          pageOf(workspace.campaigns().map(shownCampaign), query),
        );
      case 'heyreach GET /campaign/GetById':
        return onCampaign(campaignId, (campaign) => ({ status: 200, body: shownCampaign(campaign) }));
      case 'heyreach POST /campaign/Pause':
        return onCampaign(campaignId, (campaign) => {
          workspace.pause(campaign);
          return nothing;
        });
      case 'heyreach POST /campaign/Resume':
        return onCampaign(campaignId, (campaign) => {
          workspace.start(campaign);
          return nothing;
        });
      case 'heyreach POST /campaign/AddLeadsToCampaignV2':
        return withBody(addToCampaignSchema, call.body, ({ campaignId: id, accountLeadPairs }) =>
          onCampaign(id, (campaign) => {
            const leads = accountLeadPairs.map(({ lead }) => lead);
            campaign.status = 'PAUSED';
            workspace.addLeads(campaign.linkedInUserListId, leads, call.marks, call.change);
            return { status: 200, body: { addedLeadsCount: leads.length } };
          }),
        );
      case 'heyreach POST /campaign/GetLeadsFromCampaign':
        return withBody(leadsOfCampaignSchema, call.body, (query) =>
          onCampaign(query.campaignId, (campaign) => pageOf(shownEnrolled(campaign), query)),
        );
      case 'heyreach POST /campaign/StopLeadInCampaign':
        return withBody(stopLeadSchema, call.body, ({ campaignId: id, leadUrl }) =>
          onCampaign(id, (campaign) => (workspace.stopLead(campaign, leadUrl) ? nothing : notFound)),
        );
    }
  };

  return {
    prefix: '/api/public/',
    contentType: null,
    refusalOf: (headers) => {
      const key = headers['x-api-key'];
      return typeof key === 'string' && (apiKey === undefined || key === apiKey)
        ? null
        : heyreachError(401, 'Invalid API key');
    },
    endpointOf: (method, path) => {
      const wanted = `heyreach ${method} /${path}`;
      const endpoint = heyreachEndpoints.find((known) => known === wanted);
      return endpoint === undefined ? null : { endpoint, id: '' };
    },
    error: heyreachError,
    personOf: ({ body }) => {
      const parsed = addLeadsSchema.safeParse(body);
      return parsed.success ? (parsed.data.leads[0]?.profileUrl ?? null) : null;
    },
    answer,
    readingOf: (endpoint) =>
      endpoint === 'heyreach POST /campaign/Pause' ? 'heyreach GET /campaign/GetById' : endpoint,
    emptyPage: { totalCount: 0, items: [] },
    mailNow: workspace.mailNow,
  };
}
