import * as contracts from '@caio/contracts';
import { z } from 'zod';

const jsonSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  get properties() {
    return z.record(z.string(), jsonSchema).optional();
  },
  required: z.array(z.string()).optional(),
  get items() {
    return jsonSchema.optional();
  },
  get anyOf() {
    return z.array(jsonSchema).optional();
  },
  get oneOf() {
    return z.array(jsonSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), jsonSchema]).optional();
  },
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
  pattern: z.string().optional(),
});
export type Shape = z.infer<typeof jsonSchema>;

export type Direction = 'input' | 'output';

const named = new Map<unknown, string>();
for (const [name, schema] of Object.entries(contracts)) {
  if (name.endsWith('Schema') && schema instanceof z.ZodType && !named.has(schema))
    named.set(schema, `${name.charAt(0).toUpperCase()}${name.slice(1, -'Schema'.length)}`);
}

const compile = (io: Direction): ReadonlyMap<string, Shape> => {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of named) if (schema instanceof z.ZodType) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => id, unrepresentable: 'any' });
  return new Map(Object.entries(schemas).map(([id, shape]) => [id, jsonSchema.parse(shape)]));
};
const compiled: Record<Direction, ReadonlyMap<string, Shape>> = {
  input: compile('input'),
  output: compile('output'),
};

/** The name a schema of contracts has on the page, or null for one that is not exported. */
export const shapeNameOf = (schema: z.ZodType): string | null => named.get(schema) ?? null;

/** Throws for a name that is none. */
export const shapeNamed = (name: string, io: Direction): Shape => {
  const shape = compiled[io].get(name);
  if (shape === undefined) throw new Error(`there is no shape ${name}`);
  return shape;
};

/** The fields of a shape, following a reference to it. Null when it is no plain object. */
export const fieldsOf = (
  shape: Shape,
  io: Direction,
): readonly { name: string; field: Shape; required: boolean }[] | null => {
  if (shape.$ref !== undefined) return fieldsOf(shapeNamed(shape.$ref, io), io);
  if (shape.properties === undefined) return null;
  return Object.entries(shape.properties).map(([name, field]) => ({
    name,
    field,
    required: shape.required?.includes(name) ?? false,
  }));
};
