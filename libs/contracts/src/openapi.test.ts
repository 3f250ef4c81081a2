// Risk: the document that programs are made from leaves out a route, points at nothing, or promises what nobody checks.
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import * as contracts from './index.ts';
import { describeOpenApi } from './openapi.ts';
import type { RouteDescription } from './routes/route.ts';

const { routes } = contracts;
const document = describeOpenApi({ routes, schemas: contracts, version: '1.2.3' });

/** As much of OpenAPI 3.1 as this document uses, and nothing beside it: a misspelt field fails. */
const reference = z.strictObject({ $ref: z.string().regex(/^#\/components\/(schemas|headers)\/[\w.-]+$/) });
const schemaObject = z.record(z.string(), z.unknown());
const mediaType = z.strictObject({
  schema: z.union([reference, schemaObject]),
  examples: z.record(z.string(), z.strictObject({ value: z.unknown() })).optional(),
});
const content = z.record(z.string().regex(/^[\w-]+\/[\w.+-]+$/), mediaType);
const operationSchema = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  tags: z.array(z.string()).length(1),
  summary: z.string().min(10),
  'x-permission': contracts.permissionSchema.optional(),
  security: z.array(z.record(z.string(), z.array(z.never()))),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query']),
        required: z.boolean(),
        schema: z.union([reference, schemaObject]),
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.literal(true), description: z.string(), content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({
      description: z.string().min(3),
      headers: z.record(z.string(), reference).optional(),
      content: content.optional(),
    }),
  ),
});
const documentSchema = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })).min(1),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(
    z.string().regex(/^\/[\w/{}.-]*$/),
    z.strictObject({
      get: operationSchema.optional(),
      post: operationSchema.optional(),
      put: operationSchema.optional(),
    }),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), schemaObject),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(['apiKey', 'http']) })),
    headers: z.record(z.string(), z.strictObject({ description: z.string(), schema: schemaObject })),
  }),
});
const parsed = documentSchema.parse(JSON.parse(JSON.stringify(document)));

const operations = Object.entries(parsed.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, operation]) =>
    operation === undefined ? [] : [{ path, method: method.toUpperCase(), operation }],
  ),
);
const nameOf = ({ method, path }: Pick<RouteDescription, 'method' | 'path'>): string =>
  `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

const everyReference = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(everyReference);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === '$ref' && typeof item === 'string' ? [item] : everyReference(item),
  );
};

test('every route that is reached from outside is in it, and no other', () => {
  const described = operations.map(({ method, path }) => `${method} ${path}`).sort();
  const reached = routes.filter(({ door }) => door.kind !== 'service').map(nameOf);
  expect(described).toEqual([...new Set(reached)].sort());
  expect(JSON.stringify(document)).not.toContain('/internal/');
});

test('no two operations have one name, and every path names the parameters it has', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, operation } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect([path, declared.map(({ name }) => name).sort()]).toEqual([path, inPath]);
    expect(declared.every(({ required }) => required)).toBe(true);
  }
});

test('every reference points at something, everything is referred to, and every scheme of security exists', () => {
  const there = new Set([
    ...Object.keys(parsed.components.schemas).map((name) => `#/components/schemas/${name}`),
    ...Object.keys(parsed.components.headers).map((name) => `#/components/headers/${name}`),
  ]);
  const used = new Set(everyReference(parsed));
  expect([...used].filter((target) => !there.has(target))).toEqual([]);
  expect([...there].filter((target) => !used.has(target))).toEqual([]);
  const schemes = operations.flatMap(({ operation }) =>
    operation.security.flatMap((one) => Object.keys(one)),
  );
  for (const scheme of schemes) expect(parsed.components.securitySchemes).toHaveProperty(scheme);
});

describe('who gets in', () => {
  test.each(operations.map((entry) => [`${entry.method} ${entry.path}`, entry] as const))(
    '%s is said as the catalogue says it',
    (name, { operation, method }) => {
      const route = routes.find((candidate) => nameOf(candidate) === name);
      const isClosed = ['permission', 'credential', 'signature'].includes(route?.door.kind ?? '');
      expect(operation.security.length > 0).toBe(isClosed);
      expect(operation['x-permission']).toBe(
        route?.door.kind === 'permission' ? route.door.permission : undefined,
      );
      expect(Object.keys(operation.responses).includes('401')).toBe(isClosed);
      // A change made with a cookie alone would be one that another site could make.
      const byCookie = operation.security.filter((one) => 'session' in one);
      if (method !== 'GET') expect(byCookie.every((one) => 'csrf' in one)).toBe(true);
      if (method !== 'GET') expect(operation.security.some((one) => 'queryToken' in one)).toBe(false);
    },
  );
});

test('every refusal of a route is in its answers, with an envelope that the contract can read', () => {
  for (const route of routes.filter(({ door }) => door.kind !== 'service')) {
    const operation = operations.find(({ method, path }) => `${method} ${path}` === nameOf(route))?.operation;
    for (const code of route.refusals) {
      const response = operation?.responses[String(contracts.errorCatalogue[code].status)];
      const example = response?.content?.['application/json']?.examples?.[code]?.value;
      expect([nameOf(route), code, contracts.errorEnvelopeSchema.parse(example).error.code]).toEqual([
        nameOf(route),
        code,
        code,
      ]);
    }
  }
});

test('shapes are named, shared, and those of requests keep what they refuse', () => {
  const { schemas } = parsed.components;
  expect(schemas).toHaveProperty('ErrorEnvelope');
  expect(schemas).toHaveProperty('SessionAnswer');
  expect(Object.keys(schemas).length).toBeGreaterThan(40);
  // The same both ways is one component, so those with a mark differ from the one without.
  for (const [name, shape] of Object.entries(schemas)) {
    const plain = schemas[name.replace(/\.input$/, '')];
    if (name.endsWith('.input') && plain !== undefined) expect(shape).not.toEqual(plain);
  }
  const approve =
    parsed.paths['/api/drafts/{draftId}/approve']?.post?.requestBody?.content['application/json'];
  const [target = ''] = everyReference(approve);
  expect(schemas[target.split('/').at(-1) ?? '']).toMatchObject({
    type: 'object',
    additionalProperties: false,
  });
  expect(JSON.stringify(schemas)).not.toContain('"$schema"');
});
