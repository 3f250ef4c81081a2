import { z } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
type Direction = 'input' | 'output';

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
export const createComponents = (named: ReadonlyMap<z.ZodType, string>) => {
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

export type Components = ReturnType<typeof createComponents>;
