import type { IncomingMessage } from 'node:http';
import { digestOf, digestsMatch } from '@caio/auth';
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { HttpProblem } from './http-problem.ts';
import { maybeCallerOf } from './request-context.ts';
import { parseWellFormedJson } from './well-formed-json.ts';

export const jsonLimitBytes = 1_048_576;

const tooLarge = (limitBytes: number): HttpProblem =>
  new HttpProblem('payload_too_large', { message: `The body is larger than ${limitBytes} bytes.` });

export const clientGone = (): HttpProblem =>
  new HttpProblem('bad_request', { message: 'The request ended before its body was complete.' });

const checkType = (req: Request): void => {
  const [type, ...parameters] = (req.headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((part) => part.startsWith('charset='));
  const isJson = type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type ?? '');
  if (!isJson || (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset))) {
    throw new HttpProblem('unsupported_media_type', {
      message: 'The body must be application/json in UTF-8.',
    });
  }
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new HttpProblem('unsupported_media_type', { message: 'Compressed bodies are not taken here.' });
  }
};

/**
 * The raw bytes of the body, at most `limitBytes`. Throws 413 past it, 400 when the client goes away, and `overloaded`
 * when `hasRoom`, asked for each piece that comes, says there is none.
 */
export const readBytes = (
  req: IncomingMessage,
  limitBytes: number,
  hasRoom: (bytes: number) => boolean = () => true,
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return reject(tooLarge(limitBytes));
    if (req.readableEnded) return reject(new Error('the body of this request was read before'));
    if (req.destroyed) return reject(clientGone());
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (act: () => void): void => {
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      act();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      const problem =
        size > limitBytes
          ? tooLarge(limitBytes)
          : hasRoom(chunk.length)
            ? null
            : new HttpProblem('overloaded', { message: 'Too many large bodies are on their way.' });
      if (problem === null) return void chunks.push(chunk);
      req.pause();
      settle(() => reject(problem));
    };
    const onEnd = (): void =>
      settle(() => resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)));
    const onGone = (): void => settle(() => reject(clientGone()));
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });

const checkDigest = (req: Request, bytes: Buffer): void => {
  const caller = maybeCallerOf(req);
  if (caller === null) return;
  if (caller.bodyDigest === null) {
    if (bytes.length === 0) return;
    throw new HttpProblem('unauthenticated', { message: 'The service token does not cover this body.' });
  }
  if (!digestsMatch(digestOf(bytes), caller.bodyDigest)) throw new HttpProblem('digest_mismatch');
};

const parseJson = (bytes: Buffer): unknown => {
  // The parser's own message quotes the body.
  const unreadable = new HttpProblem('bad_request', { message: 'The body is not valid JSON in UTF-8.' });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw unreadable;
  }
  const parsed = parseWellFormedJson(text);
  if (parsed.ok) return parsed.value;
  throw parsed.reason === 'not_json'
    ? unreadable
    : new HttpProblem('bad_request', {
        message: 'A text in the body holds half of a character (a lone surrogate).',
        fix: 'Cut texts between characters, not inside one.',
      });
};

/**
 * Reads a JSON body into `req.body` (unknown until a schema has seen it), after comparing the raw bytes with
 * the digest in the service token. Mount it on the routes that take JSON; a route that streams leaves it out.
 */
export const jsonBody =
  (options: { limitBytes?: number } = {}): RequestHandler =>
  async (req, _res, next) => {
    checkType(req);
    const bytes = await readBytes(req, options.limitBytes ?? jsonLimitBytes);
    checkDigest(req, bytes);
    req.body = parseJson(bytes);
    next();
  };

/** Field names from the schema may be shown; keys of a record come from the caller and may not. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map(String)
    .map((part) => (/^(?:[A-Za-z_][A-Za-z0-9_]{0,40}|\d{1,6})$/.test(part) ? part : '*'))
    .join('.');

/** The schema of a place in an input, or undefined where there is none to name. */
const schemaAt = (schema: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, part) => {
    const inner = at instanceof z.ZodOptional || at instanceof z.ZodDefault ? at.unwrap() : at;
    if (inner instanceof z.ZodArray) return inner.element;
    return inner instanceof z.ZodObject && typeof part === 'string' ? inner.shape[part] : undefined;
  }, schema);

/** A mistyped field has to be found, but its name may be somebody's data: what may stand there is named instead. */
const unknownFields = (keys: readonly string[], schema: unknown): string => {
  const count = keys.length === 1 ? 'a field that is' : `${keys.length} fields that are`;
  const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const takes = fields.length === 0 ? '' : ` (known are ${fields.join(', ')})`;
  return `has ${count} not known here${takes}`;
};

/**
 * What is wrong with an input, by field, without the input: `items.0.email: Invalid email`. At most five. With the
 * schema that refused it, unknown fields are told from those that exist.
 */
export const describeIssues = (error: z.ZodError, schema?: z.ZodType): string => {
  const lines = error.issues.slice(0, 5).map((issue) => {
    const words =
      issue.code === 'unrecognized_keys'
        ? unknownFields(issue.keys, schemaAt(schema, issue.path))
        : issue.message;
    const place = placeOf(issue.path);
    return place === '' ? words : `${place}: ${words}`;
  });
  const more = error.issues.length - lines.length;
  return lines.join('; ') + (more > 0 ? `; and ${more} more` : '');
};

const parseWith = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HttpProblem('bad_request', {
    message: `The request could not be read: ${describeIssues(parsed.error, schema)}.`,
  });
};

/** The body as the contract says, or 400 naming the fields. */
export const parseBody = <S extends z.ZodType>(req: Request, schema: S): z.output<S> => {
  const body: unknown = req.body;
  return parseWith(schema, body);
};

/** The query as the contract says, or 400 naming the fields. */
export const parseQuery = <S extends z.ZodType>(req: Request, schema: S): z.output<S> =>
  parseWith(schema, req.query);

/** The path parameters as the contract says, or 400 naming them. */
export const parseParams = <S extends z.ZodType>(req: Request, schema: S): z.output<S> =>
  parseWith(schema, req.params);
