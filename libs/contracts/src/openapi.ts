import { z } from 'zod';
import { errorCatalogue, type ErrorCode, errorEnvelopeSchema } from './errors.ts';
import { type Components, createComponents, type Json, type JsonObject } from './openapi-components.ts';
import type { RouteAnswer, RouteBody, RouteDescription } from './routes/route.ts';

/** An OpenAPI 3.1 document, ready to be written as JSON. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: JsonObject;
  readonly servers: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonObject>>;
    readonly securitySchemes: JsonObject;
    readonly headers: JsonObject;
  };
}

const securityOf = ({ door, method }: RouteDescription): Json[] => {
  if (door.kind === 'open' || door.kind === 'link') return [];
  if (door.kind === 'signature') return [{ inngest: [] }];
  return [
    { token: [] },
    { bearer: [] },
    ...(method === 'GET' ? [{ queryToken: [] }, { session: [] }] : [{ session: [], csrf: [] }]),
  ];
};

const needsCredential = ({ door }: RouteDescription): boolean =>
  door.kind === 'permission' || door.kind === 'credential';

/** What the gateway can answer instead of a service it passes a call of a stranger on to. */
const passingOn: readonly ErrorCode[] = ['too_many_requests', 'store_unavailable', 'upstream_unavailable'];

/** What any route behind this door can refuse with, beside its own. */
const refusalsOf = (route: RouteDescription): ErrorCode[] => {
  const { door, body, params, query, refusals, service } = route;
  if (door.kind === 'signature')
    return ['bad_request', 'unauthenticated', 'payload_too_large', ...refusals, ...passingOn, 'overloaded'];
  if (door.kind === 'open' && service !== 'gateway') return [...refusals, ...passingOn];
  if (!needsCredential(route)) return [...refusals];
  return [
    ...new Set<ErrorCode>([
      ...(params !== null || query !== null || body !== null ? (['bad_request'] as const) : []),
      'unauthenticated',
      ...(door.kind === 'permission' || route.method !== 'GET' ? (['forbidden'] as const) : []),
      ...(body === null ? [] : (['payload_too_large'] as const)),
      ...(body !== null && body.types.length > 0 ? (['unsupported_media_type'] as const) : []),
      ...refusals,
      'too_many_requests',
      'store_unavailable',
      ...(service === 'gateway' ? [] : (['upstream_unavailable', 'overloaded'] as const)),
    ]),
  ];
};

const envelopeExample = (code: ErrorCode): JsonObject => {
  const { message, fix } = errorCatalogue[code];
  return { error: { code, message, fix, correlationId: '3f0c9a52-1d6e-4b8a-9c57-2f7f1b0a6e11' } };
};

const refusalResponses = (route: RouteDescription, components: Components): [string, JsonObject][] => {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of refusalsOf(route)) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes.map((code) => `${code}: ${errorCatalogue[code].message}`).join(' '),
      ...(status === 429 || status === 503
        ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
        : {}),
      content: {
        'application/json': {
          schema: components.bodyOf(errorEnvelopeSchema, 'output'),
          examples: Object.fromEntries(codes.map((code) => [code, { value: envelopeExample(code) }])),
        },
      },
    },
  ]);
};

const mediaTypeOf = ({ door }: RouteDescription, { schema, note }: RouteAnswer): string => {
  if (schema !== null || door.kind === 'signature') return 'application/json';
  return note?.startsWith('text/event-stream') === true ? 'text/event-stream' : 'text/html';
};

const limitHeaders: JsonObject = Object.fromEntries(
  ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]),
);

const answerShape = ({ door }: RouteDescription, { schema }: RouteAnswer, components: Components) => {
  if (schema !== null) return components.bodyOf(schema, 'output');
  return door.kind === 'signature' ? {} : { type: 'string' };
};

const answerResponse = (
  route: RouteDescription,
  answer: RouteAnswer,
  components: Components,
): JsonObject => ({
  description: answer.note ?? route.summary,
  ...(needsCredential(route) ? { headers: limitHeaders } : {}),
  ...(answer.status === 204
    ? {}
    : {
        content: {
          [mediaTypeOf(route, answer)]: {
            schema: answerShape(route, answer, components),
          },
        },
      }),
});

const requestBodyOf = (
  { types, limitBytes, schema, note }: RouteBody,
  components: Components,
): JsonObject => {
  const bytes = `At most ${limitBytes} bytes.`;
  return {
    required: true,
    description: note === undefined ? bytes : `${bytes} ${note}`,
    content: Object.fromEntries(
      (types.length === 0 ? ['application/octet-stream'] : types).map((type) => [
        type,
        { schema: schema === null ? {} : components.bodyOf(schema, 'input') },
      ]),
    ),
  };
};

const operationIdOf = ({ method, path }: RouteDescription): string =>
  [method.toLowerCase(), ...path.split('/').filter((part) => part !== '' && part !== 'api')]
    .map((part) => part.replace(/^:/, 'by-'))
    .join('-')
    .replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());

const tagOf = (path: string): string => path.split('/')[path.startsWith('/api/') ? 2 : 1] ?? '';

const operationOf = (route: RouteDescription, components: Components): JsonObject => {
  const parametersIn = (place: 'path' | 'query', schema: z.ZodType | null): JsonObject[] =>
    schema === null
      ? []
      : components.fieldsOf(schema).map(({ name, shape, isRequired }) => ({
          name,
          in: place,
          required: place === 'path' || isRequired,
          schema: shape,
        }));
  const parameters = [...parametersIn('path', route.params), ...parametersIn('query', route.query)];
  const { door } = route;
  return {
    operationId: operationIdOf(route),
    tags: [tagOf(route.path)],
    summary: route.summary,
    ...(door.kind === 'permission' ? { 'x-permission': door.permission } : {}),
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === null ? {} : { requestBody: requestBodyOf(route.body, components) }),
    responses: Object.fromEntries([
      ...refusalResponses(route, components),
      ...route.answers.map((answer): [string, JsonObject] => [
        String(answer.status),
        answerResponse(route, answer, components),
      ]),
    ]),
  };
};

const seconds = (description: string): JsonObject => ({
  description,
  schema: { type: 'integer', minimum: 0 },
});

/**
 * The public API as an OpenAPI 3.1 document: every route that is reached through the gateway, with the schemas that
 * judge its requests and answers. `schemas` are the exports of this package, whose names the components get.
 */
export const describeOpenApi = (options: {
  routes: readonly RouteDescription[];
  schemas: Readonly<Record<string, unknown>>;
  version: string;
}): OpenApiDocument => {
  const named = new Map<z.ZodType, string>();
  for (const [name, schema] of Object.entries(options.schemas)) {
    if (!name.endsWith('Schema') || !(schema instanceof z.ZodType) || named.has(schema)) continue;
    named.set(schema, `${name.charAt(0).toUpperCase()}${name.slice(1, -'Schema'.length)}`);
  }
  const components = createComponents(named);
  const paths: Record<string, Record<string, JsonObject>> = {};
  const routes = options.routes.filter(({ door }) => door.kind !== 'service');
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationOf(route, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Supervised outreach',
      version: options.version,
      description:
        'Who asks is always what the credential says; no field of a request names an actor. A change made with a session needs the X-CSRF-Token of GET /api/session.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.all(),
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'X-Dashboard-Token' },
        bearer: { type: 'http', scheme: 'bearer' },
        queryToken: {
          type: 'apiKey',
          in: 'query',
          name: 'token',
          description: 'Only while DASHBOARD_QUERY_TOKEN_ENABLED is on, and only for a GET.',
        },
        inngest: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Inngest-Signature',
          description: 'Made by Inngest over the body and the time with the signing key it shares with us.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-caio_session',
          description: 'Set by POST /login; called caio_session in local environments.',
        },
        csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token' },
      },
      headers: {
        'RateLimit-Limit': seconds('Requests of this kind that the caller may make in a minute.'),
        'RateLimit-Remaining': seconds('How many of them are left.'),
        'RateLimit-Reset': seconds('Seconds until the count begins anew.'),
        'Retry-After': seconds('Seconds to wait.'),
      },
    },
  };
};
