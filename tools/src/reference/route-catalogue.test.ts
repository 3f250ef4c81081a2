// Risk: docs/api.md leaves out a route, or promises a permission, field, size or refusal that the code does not know.
import { request as httpRequest } from 'node:http';
import { serviceTokenHeader } from '@caio/auth';
import * as contracts from '@caio/contracts';
import {
  errorEnvelopeSchema,
  permissionSchema,
  type RouteDescription,
  routes,
  type ServiceName,
  serviceNameSchema,
  serviceRoutes,
} from '@caio/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { httpSchemaNames, routeSources } from './testing/route-sources.ts';
import {
  accessTokenWithout,
  type Layer,
  type ServiceApps,
  startServiceApps,
} from './testing/service-apps.ts';

/** The gateway's own doors: they pass on whatever the services' routes say. */
const doors = [
  ...['GET', 'POST'].map((method) => `${method} /u/:token`),
  ...['* /api{/*path}', '* /inngest'],
];
/** Pages for people and their files, which are no API. */
const pages = [
  ...['GET /login', 'POST /login', 'GET /logout', 'POST /logout'],
  ...['GET /', 'GET /sales', 'GET /sales/{*path}', 'GET /ChiefAIOfficer', 'GET /static/:name'],
  ...['GET /openapi.json', 'GET /docs'],
];

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const ids: Record<string, string> = {
  ':draftId': `drf_${id}`,
  ':batchId': `bat_${id}`,
  ':actionId': `act_${id}`,
  ':runId': `run_${id}`,
  ':token': 'no-token-of-ours',
};
const pathOf = ({ path }: { path: string }): string => path.replace(/:\w+/g, (name) => ids[name] ?? name);
const nameOf = ({ method, path }: Pick<RouteDescription, 'method' | 'path'>): string => `${method} ${path}`;
const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort();

const routesIn = (stack: readonly Layer[]): string[] =>
  stack.flatMap(({ route, handle, slash }) => {
    if (route !== undefined) {
      const methods = Object.keys(route.methods).map((method) => method.toUpperCase());
      const shown = methods.some((method) => method.startsWith('_')) || methods.length > 10 ? ['*'] : methods;
      return [route.path].flat().flatMap((path) => shown.map((method) => `${method} ${path}`));
    }
    if (handle?.stack === undefined) return [];
    if (slash !== true) throw new Error('a router is mounted under a path; this walk does not know how');
    return routesIn(handle.stack);
  });

let apps: ServiceApps;
beforeAll(async () => {
  apps = await startServiceApps();
});
afterAll(() => apps.close());

describe('the catalogue and the running services', () => {
  test.each(serviceNameSchema.options)('%s serves exactly the routes that are described', (service) => {
    const described = [
      ...routes.filter((route) => route.service === service).map(nameOf),
      ...serviceRoutes.map(nameOf),
      ...(service === 'gateway' ? [...doors, ...pages] : []),
    ];
    const served = [...routesIn(apps.stackOf(service)), ...apps.namedRoutesOf(service)];
    expect(sorted(served)).toEqual(sorted(described));
  });

  const behind = (kind: RouteDescription['door']['kind']) =>
    routes.filter(({ door }) => door.kind === kind).map((route) => [nameOf(route), route] as const);

  test.each(behind('permission'))('%s asks for the permission described', async (_, route) => {
    if (route.door.kind !== 'permission') throw new Error('filtered above');
    const { permission } = route.door;
    const call = { method: route.method, path: pathOf(route) };
    expect((await apps.call(route.service, call, null)).status).toBe(401);
    const others = permissionSchema.options.filter((other) => other !== permission);
    const token = apps.tokenFor(route.service, { ...call, permissions: others });
    const refused = await apps.call(route.service, call, token);
    expect(refused.status).toBe(403);
    expect(errorEnvelopeSchema.parse(refused.body).error.details).toEqual({ permission });
  });

  test.each(behind('permission'))('%s is reached through the gateway', async (_, route) => {
    if (route.door.kind !== 'permission') throw new Error('filtered above');
    const { permission } = route.door;
    const headers = { 'x-dashboard-token': accessTokenWithout(permission) };
    const call = { method: route.method, path: pathOf(route), headers };
    const refused = await apps.call('gateway', call, null);
    expect(refused.status).toBe(403);
    expect(errorEnvelopeSchema.parse(refused.body).error.details).toEqual({ permission });
  });

  test.each(behind('credential'))('%s answers any credential and nobody without one', async (_, route) => {
    const call = { method: route.method, path: pathOf(route) };
    expect((await apps.call('gateway', call, null)).status).toBe(401);
    const headers = { 'x-dashboard-token': accessTokenWithout('read') };
    const { status, body } = await apps.call('gateway', { ...call, headers }, null);
    const answer = route.answers.find((candidate) => candidate.status === status);
    expect(answer?.schema?.safeParse(body).success).toBe(true);
  });

  test('nothing between services is reached through the gateway', async () => {
    const headers = { 'x-dashboard-token': accessTokenWithout('halt') };
    for (const [, { method, path }] of behind('service')) {
      const { status } = await apps.call('gateway', { method, path: pathOf({ path }), headers }, null);
      expect(status).toBe(404);
    }
  });

  test.each(behind('service'))('%s takes no person, and no service without a token', async (_, route) => {
    const call = { method: route.method, path: pathOf(route), permissions: permissionSchema.options };
    expect((await apps.call(route.service, call, null)).status).toBe(401);
    expect((await apps.call(route.service, call, apps.tokenFor(route.service, call))).status).toBe(403);
  });

  test.each(behind('link'))('%s needs no token and knows its own links only', async (_, route) => {
    const call = { method: route.method, path: pathOf(route) };
    const { status } = await apps.call(route.service, call, null);
    expect(route.answers.map((answer) => answer.status)).toContain(status);
  });

  const openRoutes: (readonly [string, ServiceName, Omit<RouteDescription, 'service'>])[] = [
    ...routes
      .filter(({ door }) => door.kind === 'open')
      .map((route) => [nameOf(route), route.service, route] as const),
    ...serviceNameSchema.options.flatMap((service) =>
      serviceRoutes.map((route) => [nameOf(route), service, route] as const),
    ),
  ];
  test.each(openRoutes)('%s of the %s answers anybody, in the form described', async (_, service, route) => {
    const { status, body } = await apps.call(service, { method: 'GET', path: route.path }, null);
    const answer = route.answers.find((candidate) => candidate.status === status);
    expect(answer).toBeDefined();
    expect(answer?.schema === null || answer?.schema.safeParse(body).success).toBe(true);
  });
});

describe('bodies', () => {
  /** Announces a body, sends none of it, and reads the refusal that must come before it. */
  const announce = (route: RouteDescription, headers: Record<string, string>): Promise<unknown> => {
    const path = pathOf(route);
    const token = apps.tokenFor(route.service, {
      method: 'POST',
      path,
      permissions: permissionSchema.options,
    });
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          port: apps.portOf(route.service),
          host: '127.0.0.1',
          method: 'POST',
          path,
          headers: { [serviceTokenHeader]: token, ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            sent.destroy();
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          });
        },
      );
      sent.once('error', reject);
      sent.flushHeaders();
    });
  };
  const withBody = routes
    .filter(({ body, door }) => body !== null && door.kind === 'permission')
    .map((route) => [nameOf(route), route, route.body ?? { types: [], limitBytes: 0 }] as const);

  test.each(withBody)('%s takes the size described and no byte more', async (_, route, body) => {
    const refused = await announce(route, {
      'content-type': body.types[0] ?? 'text/csv',
      'content-length': String(body.limitBytes + 1),
    });
    const { error } = errorEnvelopeSchema.parse(refused);
    expect(error.code).toBe('payload_too_large');
    expect(error.message).toContain(` ${body.limitBytes} bytes`);
  });

  test.each(withBody.filter(([, , { types }]) => types.length > 0))(
    '%s takes the content types described',
    async (_, route) => {
      const refused = await announce(route, { 'content-type': 'text/csv', 'content-length': '5' });
      expect(errorEnvelopeSchema.parse(refused).error.code).toBe('unsupported_media_type');
    },
  );

  test('every other POST takes no body', () => {
    const without = routes.filter(({ method, body }) => method === 'POST' && body === null).map(nameOf);
    expect(without).toEqual([
      'POST /api/batches/:batchId/execute',
      'POST /api/batches/:batchId/activate',
      'POST /api/customers/sync',
      'POST /u/:token',
    ]);
  });
});

describe('the catalogue and the sources of the routes', () => {
  const schemaNames = new Map<unknown, string>(
    Object.entries(contracts).flatMap(([name, value]) =>
      name.endsWith('Schema') ? [[value, name] as const] : [],
    ),
  );
  const ofRequestsAndAnswers = httpSchemaNames();
  const sources = routeSources().map((source) => {
    const described = routes.filter(
      (route) => route.service === source.service && source.routes.includes(nameOf(route)),
    );
    return [source.file, source, described] as const;
  });

  test.each(sources)('%s refuses with the codes described', (_, source, described) => {
    expect(sorted(described.flatMap(({ refusals }) => refusals))).toEqual(sorted(source.errorCodes));
  });

  test.each(sources)('%s reads and answers with the schemas described', (_, source, described) => {
    const named = described.flatMap(({ params, query, body, answers }) =>
      [params, query, body?.schema, ...answers.map(({ schema }) => schema)].flatMap(
        (schema) => schemaNames.get(schema) ?? [],
      ),
    );
    const relevant = (name: string): boolean => ofRequestsAndAnswers.has(name);
    expect(sorted(named.filter(relevant))).toEqual(sorted(source.contractNames.filter(relevant)));
  });

  test.each(sources)('%s answers with the statuses described', (_, source, described) => {
    const statuses = described.flatMap(({ answers }) => answers.map(({ status }) => status));
    const beside200 = (all: readonly number[]): string[] =>
      sorted(all.filter((status) => status > 200 && status < 300).map(String));
    expect(beside200(statuses)).toEqual(beside200(source.successStatuses));
  });
});
