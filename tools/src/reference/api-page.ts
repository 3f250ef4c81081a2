import {
  errorCatalogue,
  type ErrorCode,
  type RouteDescription,
  routes,
  serviceRoutes,
} from '@caio/contracts';
import type { z } from 'zod';
import { type Direction, fieldsOf, type Shape, shapeNamed, shapeNameOf } from './api-shapes.ts';
import { code, madeFrom, page, table } from './markdown.ts';

const anchor = (name: string): string => `[${name}](#${name.toLowerCase()})`;

const bounds = (low: number | undefined, high: number | undefined, unit: string): string => {
  const unbounded = high === undefined || high >= Number.MAX_SAFE_INTEGER;
  const from = low !== undefined && low > 0 && low > Number.MIN_SAFE_INTEGER ? low : undefined;
  if (unbounded) return from === undefined ? '' : `, at least ${from}${unit}`;
  return from === undefined ? `, at most ${high}${unit}` : `, ${from} to ${high}${unit}`;
};

const isNothing = ({ type }: Shape): boolean => type === 'null';

/** A shape in words. */
const sayShape = (shape: Shape): string => {
  if (shape.$ref !== undefined) return anchor(shape.$ref);
  if (shape.const !== undefined) return code(JSON.stringify(shape.const));
  if (shape.enum !== undefined) return shape.enum.map((value) => code(String(value))).join(', ');
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices !== undefined) {
    const words = choices.filter((choice) => !isNothing(choice)).map(sayShape);
    return [words.join(' or '), choices.some(isNothing) ? 'or null' : '']
      .filter((part) => part !== '')
      .join(' ');
  }
  if (shape.properties !== undefined) {
    const parts = Object.entries(shape.properties).map(
      ([name, field]) => `${code(shape.required?.includes(name) ? name : `${name}?`)}: ${sayShape(field)}`,
    );
    return `{ ${parts.join('; ')} }`;
  }
  const types = [shape.type ?? []].flat();
  const nullable = types.includes('null') ? ' or null' : '';
  switch (types.find((type) => type !== 'null')) {
    case 'string':
      return `text${bounds(shape.minLength, shape.maxLength, ' characters')}${nullable}`;
    case 'integer':
      return `whole number${bounds(shape.minimum, shape.maximum, '')}${nullable}`;
    case 'number':
      return `number${bounds(shape.minimum ?? shape.exclusiveMinimum, shape.maximum, '')}${nullable}`;
    case 'boolean':
      return `true or false${nullable}`;
    case 'array':
      return `list of ${shape.items === undefined ? 'anything' : sayShape(shape.items)}${bounds(undefined, shape.maxItems, ' entries')}`;
    case 'object':
      return typeof shape.additionalProperties === 'object'
        ? `object, each value: ${sayShape(shape.additionalProperties)}`
        : 'object';
    default:
      return 'anything';
  }
};

const sayNeed = (field: Shape, required: boolean): string => {
  if (field.default !== undefined) return code(JSON.stringify(field.default));
  return required ? 'required' : 'may be left out';
};

const nameOf = (schema: z.ZodType): string => {
  const name = shapeNameOf(schema);
  if (name === null) throw new Error('a route uses a schema that contracts does not export by name');
  return name;
};

const requestRows = (place: string, schema: z.ZodType | null): string[][] =>
  schema === null
    ? []
    : (fieldsOf(shapeNamed(nameOf(schema), 'input'), 'input') ?? []).map(({ name, field, required }) => [
        code(name),
        place,
        sayShape(field),
        place === 'path' ? 'required' : sayNeed(field, required),
      ]);

const describeRequest = ({ params, query, body }: RouteDescription): string => {
  const rows = [
    ...requestRows('path', params),
    ...requestRows('query', query),
    ...requestRows('body', body?.schema ?? null),
  ];
  return rows.length === 0 ? '' : table(['Field', 'In', 'Form', 'Default'], rows);
};

const describeBody = ({ body }: RouteDescription): string => {
  if (body === null) return '';
  const types = body.types.length === 0 ? 'any content type' : body.types.map(code).join(' or ');
  const note = body.note === undefined ? '' : `; ${body.note}`;
  const isClosed =
    body.schema !== null && shapeNamed(nameOf(body.schema), 'input').additionalProperties === false;
  const unknownFields =
    body.schema === null ? '' : ` Unknown fields are ${isClosed ? 'refused' : 'left out'}.`;
  return `Body: ${types}, at most ${body.limitBytes.toLocaleString('en')} bytes${note}.${unknownFields}`;
};

const describeAnswers = ({ answers }: RouteDescription): string =>
  `Answers: ${answers
    .map(({ status, schema, note }) => {
      const shape = schema === null ? '' : ` ${anchor(nameOf(schema))}`;
      return `**${status}**${shape}${note === undefined ? '' : ` (${note})`}`;
    })
    .join(', ')}.`;

const sayRefusal = (id: ErrorCode): string => `${code(id)} (${errorCatalogue[id].status})`;

const doorWords: Record<RouteDescription['door']['kind'], string> = {
  permission: '',
  credential: 'Any valid token or session.',
  open: 'Open to anybody.',
  link: 'Open to whoever holds the link.',
  signature: 'Open to whoever signs with the key that this installation shares with Inngest.',
  service: 'For services only; not reached through the gateway.',
};

const describeRoute = (route: RouteDescription): string[] => [
  `### ${route.method} ${route.path}`,
  route.summary,
  route.door.kind === 'permission'
    ? `Permission ${code(route.door.permission)}.`
    : doorWords[route.door.kind],
  describeBody(route),
  describeRequest(route),
  describeAnswers(route),
  route.refusals.length === 0 ? '' : `Refusals of its own: ${route.refusals.map(sayRefusal).join(', ')}.`,
];

const referencesIn = (shape: Shape): string[] => [
  ...(shape.$ref === undefined ? [] : [shape.$ref]),
  ...Object.values(shape.properties ?? {}).flatMap(referencesIn),
  ...[shape.items ?? [], shape.anyOf ?? [], shape.oneOf ?? []].flat().flatMap(referencesIn),
  ...(typeof shape.additionalProperties === 'object' ? referencesIn(shape.additionalProperties) : []),
];

/** Every shape that the page refers to, with the side it is described from: a request's if there is one. */
const reachable = (all: readonly Pick<RouteDescription, 'params' | 'query' | 'body' | 'answers'>[]) => {
  const found = new Map<string, Direction>();
  const take = (name: string, io: Direction): void => {
    if (found.has(name)) return;
    found.set(name, io);
    referencesIn(shapeNamed(name, io)).forEach((next) => take(next, io));
  };
  for (const { params, query, body } of all)
    for (const schema of [params, query, body?.schema ?? null])
      if (schema !== null)
        referencesIn(shapeNamed(nameOf(schema), 'input')).forEach((name) => take(name, 'input'));
  for (const { answers } of all)
    for (const { schema } of answers) if (schema !== null) take(nameOf(schema), 'output');
  return [...found].sort(([a], [b]) => a.localeCompare(b));
};

const describeShapes = (): string[] => {
  const simple: string[][] = [];
  const composed: string[] = [];
  for (const [name, io] of reachable([...routes, ...serviceRoutes])) {
    const shape = shapeNamed(name, io);
    const fields = shape.properties === undefined ? null : fieldsOf(shape, io);
    if (fields === null) {
      const form = shape.pattern === undefined ? sayShape(shape) : `text like ${code(shape.pattern)}`;
      simple.push([`<a id="${name.toLowerCase()}"></a>${name}`, form]);
    } else {
      composed.push(
        `### ${name}`,
        table(
          ['Field', 'Form', io === 'input' ? 'Default' : ''],
          fields.map(({ name: field, field: form, required }) => [
            code(field),
            sayShape(form),
            io === 'input' ? sayNeed(form, required) : required ? '' : 'may be missing',
          ]),
        ),
      );
    }
  }
  return ['### Words, ids and lists', table(['Name', 'Form'], simple), ...composed];
};

const chapters: readonly { title: string; has: (route: RouteDescription) => boolean }[] = [
  { title: 'Lead files', has: ({ path }) => path.startsWith('/api/pipeline-runs') },
  { title: 'Drafts', has: ({ path }) => /^\/api\/(drafts|draft-summaries|reviews)/.test(path) },
  {
    title: 'Batches and actions',
    has: ({ path }) => /^\/api\/(batches|actions|recall|reconcile|providers)/.test(path),
  },
  {
    title: 'Stop, suppressions, exclusions, people',
    has: ({ path }) => /^\/api\/(halt|suppressions|exclusions|people|subjects|what-if|customers)/.test(path),
  },
  {
    title: 'Addresses of the former system',
    has: ({ path }) => /^\/api\/(pending-emails|emails|rejection-tags|operator)/.test(path),
  },
  { title: 'Audit and status', has: ({ path }) => /^\/api\/(audit|queue-status|ramp)/.test(path) },
  { title: 'Session', has: ({ path }) => path === '/api/session' },
  { title: 'Health', has: ({ path }) => /^\/api\/(health|runtime)/.test(path) },
  { title: 'Links in messages', has: ({ path }) => path.startsWith('/u/') },
  { title: 'Inngest', has: ({ path }) => path === '/inngest' },
  { title: 'Between services', has: ({ door }) => door.kind === 'service' },
];

/** docs/api.md. Throws when a route belongs to no chapter. */
export const describeApi = (): string => {
  const lost = routes.filter((route) => chapters.filter(({ has }) => has(route)).length !== 1);
  if (lost.length > 0)
    throw new Error(`not in exactly one chapter of docs/api.md: ${lost.map(({ path }) => path).join(', ')}`);
  return page(
    '# API',
    madeFrom('libs/contracts/src/routes and the schemas they name'),
    'The gateway is the only public door (port 8080). It passes a request under `/api` on, unchanged, to the service that owns it. A test compares this page with the running services, both ways.',
    '## What holds for every address',
    'Send your token as `X-Dashboard-Token`, or as `Authorization: Bearer`. Without a valid one every path under `/api` answers 401, known or not, health excepted. Each token carries permissions and the name that approvals and the audit show.',
    'A browser logs in at `/login` and then has a session: a cookie, with which every change also needs the `X-CSRF-Token` header that `GET /api/session` gives, and must come from a page of the gateway or of a listed origin. `/logout` ends it. [SECURITY.md](../SECURITY.md) has the rules of the door.',
    'Requests are counted by person and kind (reading, changing, uploading, expensive, streams). `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` say how it stands; past the limit it is 429 with `Retry-After`.',
    'In local environments `/openapi.json` describes all this for programs, and `/docs` is a page of it.',
    'Requests and answers are JSON in UTF-8 unless said otherwise. A refusal has one form, whatever it is about: [errors.md](errors.md).',
    'Send `X-Correlation-ID` (8 to 64 letters, digits, dots, dashes and underscores) to find your request in every log and trace; otherwise one is made. It comes back in the answer.',
    'A list gives `nextCursor`; send it as `cursor` to get the next page, until it is null.',
    'With `Content-Digest: sha-256=:<base64>:` a body is passed on as it arrives; without it at most 8 MiB are taken.',
    table(
      ['Any address can answer', 'When'],
      [
        [sayRefusal('bad_request'), 'a field is missing, unknown or malformed; the message names it'],
        [sayRefusal('digest_required'), 'a body over 8 MiB came without Content-Digest'],
        [sayRefusal('digest_mismatch'), 'the bytes are not the ones the digest names'],
        [sayRefusal('unauthenticated'), 'there is no valid token'],
        [sayRefusal('forbidden'), 'the token lacks the permission; `details.permission` names it'],
        [sayRefusal('not_found'), 'the path does not exist, or not with this method'],
        [sayRefusal('payload_too_large'), 'the body is larger than said below'],
        [sayRefusal('unsupported_media_type'), 'the content type is not taken'],
        [sayRefusal('too_many_requests'), 'more requests of this kind than the limit'],
        [sayRefusal('too_many_headers'), 'the head has too many headers, or is too large'],
        [sayRefusal('request_timeout'), 'head or body took too long to arrive'],
        [
          sayRefusal('upstream_unavailable'),
          'the owning service does not answer; `details.part` names it, and `details.arrived` says `unknown` when a change may have been made all the same',
        ],
        [sayRefusal('overloaded'), 'too many event streams or large bodies at once'],
        [sayRefusal('store_unavailable'), 'Redis does not answer: nothing is decided'],
        [sayRefusal('internal'), 'something went wrong on our side'],
      ],
    ),
    chapters.flatMap(({ title, has }) => [`## ${title}`, ...routes.filter(has).flatMap(describeRoute)]),
    '## Every service, on its own port',
    serviceRoutes.flatMap((route) => describeRoute({ ...route, service: 'gateway' })),
    '## Shapes',
    describeShapes(),
  );
};
