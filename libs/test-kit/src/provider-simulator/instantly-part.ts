import { z } from 'zod';
import type { InstantlyEndpoint } from './endpoints.ts';
import { answerVendorCall, endpointOf, vendorError } from './vendor-routes.ts';
import type { VendorPart } from './vendor-part.ts';
import type { Workspace } from './workspace.ts';

const withEmail = z.object({ email: z.string() });

/** Instantly's API v2. With `apiKey`, every other bearer token is a 401; otherwise any will do. */
export const createInstantlyPart = (options: {
  readonly workspace: Workspace;
  readonly apiKey: string | undefined;
}): VendorPart<InstantlyEndpoint> => ({
  prefix: '/api/v2/',
  contentType: 'application/json; charset=utf-8',
  refusalOf: ({ authorization }) => {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    return token !== undefined && (options.apiKey === undefined || token === options.apiKey)
      ? null
      : vendorError(401, 'Invalid API key or missing Authorization header');
  },
  endpointOf: (method, path) => endpointOf(method, `/${path}`),
  error: vendorError,
  personOf: ({ body }) => {
    const parsed = withEmail.safeParse(body);
    return parsed.success ? parsed.data.email : null;
  },
  answer: (call) => answerVendorCall(options.workspace, call),
  readingOf,
  emptyPage: { items: [] },
  mailNow: options.workspace.mailLead,
});

function readingOf(endpoint: InstantlyEndpoint): InstantlyEndpoint {
  if (endpoint.includes('/campaigns/:id')) return 'GET /campaigns/:id';
  return endpoint === 'DELETE /leads/:id' ? 'GET /leads/:id' : endpoint;
}
