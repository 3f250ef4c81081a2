import { z } from 'zod';
import { errorCatalogue, type ErrorCode, errorEnvelopeSchema } from './errors.ts';
import type { RouteAnswer, RouteBody, RouteDescription } from './routes/route.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };
type Direction = 'input' | 'output';

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

const jsonSchema: z.ZodType<Json> = z.json();
const objectSchema = z.record(z.string(), jsonSchema);

const prefix = '#/components/schemas/';
const inputMark = '.input';

/** A copy in which every reference has been looked at. */
const withReferences = (value: Json, change: (name: string) => string): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => withReferences(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' && item.startsWith(prefix)
        ? `${prefix}${change(item.slice(prefix.length))}`
        : withReferences(item, change),
    ]),
  );
};

const referencesIn = (value: Json): string[] => {
  const found: string[] = [];
  withReferences(value, (name) => {
    found.push(name);
    return name;
  });
  return found;
};

const strip = (shape: unknown): JsonObject => {
  const { $schema: _schema, $id: _id, ...rest } = objectSchema.parse(shape);
  return rest;
};

const compile = (
  registry: z.core.$ZodRegistry<{ id?: string | undefined }>,
  io: Direction,
): Map<string, JsonObject> => {
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `${prefix}${id}`,
    unrepresentable: 'any',
    // An answer may get further fields; only what a request may not have is a promise.
    override: ({ jsonSchema: shape }) => {
      if (io === 'output' && shape.additionalProperties === false) delete shape.additionalProperties;
    },
  });
  return new Map(Object.entries(schemas).map(([id, shape]) => [id, strip(shape)]));
};

const text = (value: Json): string => JSON.stringify(value);

/**
 * Named shapes of requests and answers. Most are the same both ways and become one component; one that differs (by a
 * default, by a conversion) becomes two, the request's called `….input`.
 */
const createComponents = (named: ReadonlyMap<z.ZodType, string>) => {
  const registry = z.registry<{ id?: string | undefined }>();
  for (const [schema, id] of named) registry.add(schema, { id });
  const shapes = { input: compile(registry, 'input'), output: compile(registry, 'output') };
  const differing = new Set<string>();
  const marked = (name: string): string => (differing.has(name) ? `${name}${inputMark}` : name);
  for (let before = -1; before !== differing.size;) {
    before = differing.size;
    for (const [id, shape] of shapes.input)
      if (text(withReferences(shape, marked)) !== text(shapes.output.get(id) ?? null)) differing.add(id);
  }
  const used = new Map<string, JsonObject>();
  const use = (id: string, io: Direction): string => {
    const name = io === 'input' ? marked(id) : id;
    if (used.has(name)) return name;
    const shape = shapes[io].get(id) ?? {};
    const finished = io === 'input' ? withReferences(shape, marked) : shape;
    used.set(name, objectSchema.parse(finished));
    for (const next of referencesIn(shape)) use(next, io);
    return name;
  };
  return {
    /** The schema of a body: a reference when it has a name. */
    bodyOf: (schema: z.ZodType, io: Direction): JsonObject => {
      const id = named.get(schema);
      if (id !== undefined) return { $ref: `${prefix}${use(id, io)}` };
      return strip(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
    },
    /** The fields of an object that comes in a path or a query. */
    fieldsOf: (schema: z.ZodType): readonly { name: string; shape: JsonObject; isRequired: boolean }[] => {
      const id = named.get(schema);
      const shape =
        (id === undefined ? undefined : shapes.input.get(id)) ??
        strip(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
      const required = z.array(z.string()).catch([]).parse(shape['required']);
      return Object.entries(objectSchema.catch({}).parse(shape['properties'])).map(([name, field]) => {
        for (const next of referencesIn(field)) use(next, 'input');
        return {
          name,
          shape: objectSchema.parse(withReferences(field, marked)),
          isRequired: required.includes(name),
        };
      });
    },
    all: (): Record<string, JsonObject> =>
      Object.fromEntries([...used].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
};

type Components = ReturnType<typeof createComponents>;

const securityOf = ({ door, method }: RouteDescription): Json[] => {
  if (door.kind === 'open' || door.kind === 'link') return [];
  return [
    { token: [] },
    { bearer: [] },
    ...(method === 'GET' ? [{ queryToken: [] }, { session: [] }] : [{ session: [], csrf: [] }]),
  ];
};

const needsCredential = ({ door }: RouteDescription): boolean =>
  door.kind === 'permission' || door.kind === 'credential';

/** What any route behind this door can refuse with, beside its own. */
const refusalsOf = (route: RouteDescription): ErrorCode[] => {
  const { door, body, params, query, refusals, service } = route;
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

const mediaTypeOf = ({ schema, note }: RouteAnswer): string => {
  if (schema !== null) return 'application/json';
  return note?.startsWith('text/event-stream') === true ? 'text/event-stream' : 'text/html';
};

const limitHeaders: JsonObject = Object.fromEntries(
  ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]),
);

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
          [mediaTypeOf(answer)]: {
            schema: answer.schema === null ? { type: 'string' } : components.bodyOf(answer.schema, 'output'),
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
