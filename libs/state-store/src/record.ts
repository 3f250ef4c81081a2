import type { z } from 'zod';

/** A stored record that its schema does not accept. It is an error, never "absent". */
export class CorruptRecordError extends Error {
  readonly key: string;

  constructor(key: string, detail: string) {
    super(`the record at ${key} cannot be read: ${detail}`);
    this.name = 'CorruptRecordError';
    this.key = key;
  }
}

/** Parses a stored value with its schema; throws CorruptRecordError naming the key and the first problem. */
export const parseRecord = <Schema extends z.ZodType>(
  key: string,
  schema: Schema,
  value: unknown,
): z.infer<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CorruptRecordError(
    key,
    issue === undefined ? 'unknown shape' : `${issue.path.join('.')}: ${issue.message}`,
  );
};

/** Parses stored JSON text with its schema. */
export const parseJsonRecord = <Schema extends z.ZodType>(
  key: string,
  schema: Schema,
  text: string,
): z.infer<Schema> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CorruptRecordError(key, 'not JSON');
  }
  return parseRecord(key, schema, value);
};

/** `1763622000000` → ISO instant; an empty or missing field → null. */
export const instantOrNull = (milliseconds: string | undefined): string | null =>
  milliseconds === undefined || milliseconds === '' ? null : new Date(Number(milliseconds)).toISOString();

export const textOrNull = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : text;
