import { z } from 'zod';

/** One variable as one service reads it. `fallback` is null when it has to be set and '' when it may be left out. */
export interface ServiceVariable {
  readonly name: string;
  readonly service: string;
  readonly fallback: string | null;
  readonly secret: boolean;
  readonly fix: string;
}

const metaSchema = z.object({
  fix: z.string().optional(),
  sensitivity: z.enum(['secret', 'public']).optional(),
});

/** What a field's builder said about it, looked for through defaults, options and transforms. */
const metaOf = (field: z.ZodType): z.infer<typeof metaSchema> => {
  for (let current: unknown = field; current instanceof z.ZodType;) {
    const meta = metaSchema.safeParse(current.meta());
    if (meta.success && current.meta() !== undefined) return meta.data;
    const definition: object = current.def;
    current = Reflect.get(definition, 'innerType') ?? Reflect.get(definition, 'in');
  }
  return {};
};

const fallbackOf = (field: z.ZodType): string | null => {
  const answer = field.safeParse(undefined);
  if (!answer.success) return null;
  const { data } = answer;
  if (data === undefined) return '';
  return typeof data === 'string' ? data : JSON.stringify(data);
};

/**
 * The variables of one service, in the order of its schemas; a later shape replaces an earlier one's field. Throws
 * for a field that says no fix: a bug there.
 */
export const variablesOf = (
  service: string,
  ...shapes: readonly Readonly<Record<string, unknown>>[]
): ServiceVariable[] =>
  [...new Map(shapes.flatMap((shape) => Object.entries(shape)))].map(([name, field]) => {
    if (!(field instanceof z.ZodType)) throw new Error(`${name} of the ${service} is no field`);
    const { fix, sensitivity } = metaOf(field);
    if (fix === undefined) throw new Error(`${name} of the ${service} does not say how to set it`);
    return { name, service, fallback: fallbackOf(field), secret: sensitivity === 'secret', fix };
  });

/** A variable with everybody who reads it. */
export interface Variable {
  readonly name: string;
  readonly readers: readonly ServiceVariable[];
}

/** Groups by name, keeping the order of first appearance. */
export const mergeVariables = (all: readonly ServiceVariable[]): Variable[] => {
  const byName = new Map<string, ServiceVariable[]>();
  for (const variable of all) byName.set(variable.name, [...(byName.get(variable.name) ?? []), variable]);
  return [...byName].map(([name, readers]) => ({ name, readers }));
};

export const servicesOf = ({ readers }: Variable): string[] => readers.map(({ service }) => service);

/** The one value all readers agree on, or one line for each service that differs. */
export const agreed = (
  { readers }: Variable,
  value: (reader: ServiceVariable) => string,
): readonly { readonly services: readonly string[]; readonly value: string }[] => {
  const byValue = new Map<string, string[]>();
  for (const reader of readers) {
    byValue.set(value(reader), [...(byValue.get(value(reader)) ?? []), reader.service]);
  }
  return [...byValue].map(([same, services]) => ({ services, value: same }));
};
