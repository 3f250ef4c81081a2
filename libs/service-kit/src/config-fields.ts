import { z } from 'zod';

/**
 * Builders for one environment variable each. A message completes the sentence "<NAME> …" and never contains
 * the value; `fix` says what to set. Empty counts as unset.
 */

export interface FieldMeta {
  fix?: string;
  /** `secret`: the value may appear nowhere; it is registered with the redactor. */
  sensitivity?: 'secret' | 'public';
  /** `trimmed`: spaces around the value are harmless here and not reported. */
  spaces?: 'trimmed' | 'reported';
}

const describe = <S extends z.ZodType>(schema: S, meta: FieldMeta): S => schema.meta({ ...meta });

/** 1, true, yes, on or 0, false, no, off, in any case, spaces around allowed. Anything else stops the boot. */
export const booleanField = (fallback: 'true' | 'false') =>
  describe(
    z
      .string()
      .transform((value, context) => {
        const word = value.trim().toLowerCase();
        if (['1', 'true', 'yes', 'on'].includes(word)) return true;
        if (['0', 'false', 'no', 'off'].includes(word)) return false;
        context.addIssue({ code: 'custom', message: 'is neither a yes nor a no' });
        return z.NEVER;
      })
      .default(fallback === 'true'),
    { fix: 'Set it to true or false.', spaces: 'trimmed' },
  );

const integer = (bounds: { min: number; max: number }) =>
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= bounds.min && value <= bounds.max, {
      message: `is not between ${bounds.min} and ${bounds.max}`,
    });

const integerFix = (bounds: { min: number; max: number }): string =>
  `Set a whole number from ${bounds.min} to ${bounds.max}.`;

/** A whole number within inclusive bounds; without a fallback it must be set. */
export const integerField = (bounds: { min: number; max: number; fallback: number }) =>
  describe(integer(bounds).default(bounds.fallback), { fix: integerFix(bounds) });

/** A whole number that must be set. */
export const requiredIntegerField = (bounds: { min: number; max: number }) =>
  describe(integer(bounds), { fix: integerFix(bounds) });

/** Text that must be set. */
export const textField = (options: { fix: string; lengthMax?: number }) =>
  describe(z.string().max(options.lengthMax ?? 2_000, 'is longer than it may be'), { fix: options.fix });

/** A secret that must be set, at least `lengthMin` characters, never shown. */
export const secretField = (options: { fix: string; lengthMin: number }) =>
  describe(
    z
      .string()
      .min(options.lengthMin, `is shorter than ${options.lengthMin} characters`)
      .max(8_192, 'is too long'),
    { fix: options.fix, sensitivity: 'secret' },
  );

/** One of a few words. */
export const choiceField = <const T extends readonly string[]>(values: T, fallback: T[number]) =>
  describe(z.enum(values, { error: `is none of ${values.join(', ')}` }).default(fallback), {
    fix: `Set one of ${values.join(', ')}.`,
  });

const isUrlOf = (value: string, protocols: readonly string[]): boolean => {
  try {
    return protocols.includes(new URL(value).protocol);
  } catch {
    return false;
  }
};

/** An absolute URL without a trailing slash, e.g. another service's address. Must be set. */
export const urlField = (options: { fix: string; protocols?: readonly string[] }) =>
  describe(
    z
      .string()
      .max(2_000, 'is longer than it may be')
      .refine((value) => isUrlOf(value, options.protocols ?? ['http:', 'https:']), {
        message: `is not a URL starting with ${(options.protocols ?? ['http:', 'https:']).join('// or ')}//`,
      })
      .transform((value) => value.replace(/\/+$/, '')),
    { fix: options.fix },
  );

/** A redis:// or rediss:// address. It may carry a password, so it counts as a secret. Must be set. */
export const redisUrlField = () =>
  describe(
    z.string().refine((value) => isUrlOf(value, ['redis:', 'rediss:']), {
      message: 'is not a URL starting with redis:// or rediss://',
    }),
    { fix: 'Set it like redis://127.0.0.1:6379/0, rediss:// for TLS.', sensitivity: 'secret' },
  );

/** A variable whose text is parsed by a library of ours that answers with a value or a problem. */
export const parsedField = <T>(options: {
  parse: (value: string) => { ok: true; value: T } | { ok: false; problem: string };
  fix: string;
  sensitivity: 'secret' | 'public';
}) =>
  describe(
    z.string().transform((value, context): T => {
      const parsed = options.parse(value);
      if (parsed.ok) return parsed.value;
      context.addIssue({ code: 'custom', message: parsed.problem });
      return z.NEVER;
    }),
    { fix: options.fix, sensitivity: options.sensitivity },
  );

/** What a field's builder said about it, looked for through `default`, `optional` and transforms. */
export const metaOf = (schema: unknown): FieldMeta => {
  let current: unknown = schema;
  for (let depth = 0; depth < 8 && current instanceof z.ZodType; depth += 1) {
    const meta = current.meta();
    if (meta !== undefined) {
      return {
        ...(typeof meta['fix'] === 'string' ? { fix: meta['fix'] } : {}),
        sensitivity: meta['sensitivity'] === 'secret' ? 'secret' : 'public',
        spaces: meta['spaces'] === 'trimmed' ? 'trimmed' : 'reported',
      };
    }
    const definition: unknown = current.def;
    current =
      typeof definition === 'object' && definition !== null
        ? (Reflect.get(definition, 'innerType') ?? Reflect.get(definition, 'in'))
        : undefined;
  }
  return {};
};
