import type { z } from 'zod';
import type { InstantlyEndpoint } from './endpoints.ts';
import type { Answer, VendorCall } from './vendor-part.ts';
import {
  createCampaignSchema,
  createLeadSchema,
  deleteLeadsSchema,
  listLeadsSchema,
  type VendorCampaign,
} from './vendor-shapes.ts';
import type { Workspace } from './workspace.ts';

const titles = new Map<number, string>([
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [402, 'Payment Required'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [413, 'Payload Too Large'],
  [422, 'Unprocessable Entity'],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
]);

/** The vendor's one error shape. */
export const vendorError = (status: number, message: string): Answer => ({
  status,
  body: { statusCode: status, error: titles.get(status) ?? 'Error', message },
});

const found = (value: unknown): Answer =>
  value === undefined ? vendorError(404, 'Resource not found') : { status: 200, body: value };

/** The endpoint a method and a path below `/api/v2` name, with the id in the path; null when there is none. */
export function endpointOf(method: string, path: string): { endpoint: InstantlyEndpoint; id: string } | null {
  const [resource = '', id = '', verb = '', ...more] = path.split('/').slice(1);
  if (more.length > 0) return null;
  if (resource === 'leads') {
    if (id === '') {
      if (method === 'POST') return { endpoint: 'POST /leads', id };
      return method === 'DELETE' ? { endpoint: 'DELETE /leads', id } : null;
    }
    if (verb !== '') return null;
    if (id === 'list') return method === 'POST' ? { endpoint: 'POST /leads/list', id: '' } : null;
    if (method === 'GET') return { endpoint: 'GET /leads/:id', id };
    return method === 'DELETE' ? { endpoint: 'DELETE /leads/:id', id } : null;
  }
  if (resource !== 'campaigns') return null;
  if (id === '') {
    if (method === 'POST') return { endpoint: 'POST /campaigns', id };
    return method === 'GET' ? { endpoint: 'GET /campaigns', id } : null;
  }
  if (verb === '') {
    if (method === 'GET') return { endpoint: 'GET /campaigns/:id', id };
    return method === 'DELETE' ? { endpoint: 'DELETE /campaigns/:id', id } : null;
  }
  if (method === 'POST' && verb === 'pause') return { endpoint: 'POST /campaigns/:id/pause', id };
  if (method === 'POST' && verb === 'activate') return { endpoint: 'POST /campaigns/:id/activate', id };
  return null;
}

function withBody<S extends z.ZodType>(
  schema: S,
  body: unknown,
  use: (value: z.output<S>) => Answer,
): Answer {
  const parsed = schema.safeParse(body);
  if (parsed.success) return use(parsed.data);
  const issue = parsed.error.issues[0];
  return vendorError(400, `body/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'is not valid'}`);
}

function listCampaigns(workspace: Workspace, query: URLSearchParams): Answer {
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    return vendorError(400, 'querystring/limit must be between 1 and 100');
  }
  const search = (query.get('search') ?? '').toLowerCase();
  const status = query.get('status');
  const after = query.get('starting_after');
  const matching = workspace
    .campaigns()
    .filter(
      (campaign) =>
        campaign.name.toLowerCase().includes(search) &&
        (status === null || campaign.status === Number(status)) &&
        (after === null || campaign.id > after),
    );
  const items = matching.slice(0, limit);
  const last = items.at(-1);
  // Like the vendor, a full last page still carries a cursor; the page after it is empty.
  return {
    status: 200,
    body: items.length === limit && last !== undefined ? { items, next_starting_after: last.id } : { items },
  };
}

function onCampaign(workspace: Workspace, id: string, use: (campaign: VendorCampaign) => void): Answer {
  const campaign = workspace.campaign(id);
  if (campaign !== undefined) use(campaign);
  return found(campaign);
}

/** Does the work of one vendor call. The caller has checked the credential and read the body. */
export function answerVendorCall(workspace: Workspace, call: VendorCall<InstantlyEndpoint>): Answer {
  switch (call.endpoint) {
    case 'POST /leads':
      return withBody(createLeadSchema, call.body, (wanted) => {
        if (call.partialAdd) return { status: 200, body: {} };
        const answer = workspace.addLead(wanted, call.marks, call.change);
        if (answer.state === 'no_campaign') return vendorError(404, 'Campaign not found');
        return { status: 200, body: answer.state === 'added' ? answer.lead : {} };
      });
    case 'POST /leads/list':
      return withBody(listLeadsSchema, call.body, (query) => ({
        status: 200,
        body: workspace.listLeads(query),
      }));
    case 'GET /leads/:id':
      return found(workspace.lead(call.id));
    case 'DELETE /leads/:id':
      return found(workspace.deleteLead(call.id));
    case 'DELETE /leads':
      return withBody(deleteLeadsSchema, call.body, ({ campaign_id, ids, limit }) => {
        const chosen = workspace
          .leadsOf(campaign_id)
          .filter(({ id }) => ids === undefined || ids.includes(id))
          .slice(0, limit);
        for (const { id } of chosen) workspace.deleteLead(id);
        return { status: 200, body: { count: chosen.length } };
      });
    case 'POST /campaigns':
      return withBody(createCampaignSchema, call.body, (wanted) => ({
        status: 200,
        body: workspace.createCampaign(wanted),
      }));
    case 'GET /campaigns':
      return listCampaigns(workspace, call.query);
    case 'GET /campaigns/:id':
      return found(workspace.campaign(call.id));
    case 'DELETE /campaigns/:id':
      return found(workspace.deleteCampaign(call.id));
    case 'POST /campaigns/:id/pause':
      return onCampaign(workspace, call.id, workspace.pause);
    case 'POST /campaigns/:id/activate':
      return onCampaign(workspace, call.id, workspace.activate);
  }
}
