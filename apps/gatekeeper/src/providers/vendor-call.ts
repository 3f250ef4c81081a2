import type { z } from 'zod';
import { createHttpExchange, type ExchangeRequest } from './http-exchange.ts';
import { type Failure, retryAfterMsOf } from './outcome-table.ts';

export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What the client of every vendor with an HTTP API is given. */
export interface VendorClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Of each request, from the call to the whole answer. */
  readonly timeoutMs: number;
  readonly connections: number;
  /** The clock of `writeDeadlineMs`. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970, to read a Retry-After that is a date. */
  readonly nowMs: () => number;
}

/** In which one vendor's HTTP differs from another's. */
export interface VendorManners {
  /** As people know it: it stands in messages. */
  readonly title: string;
  /** Behind the path of the base address and in front of every path. */
  readonly prefix: string;
  readonly credential: Readonly<Record<string, string>>;
  /** `untyped`: the vendor names no content type and may answer a success with nothing at all, which reads as null. */
  readonly answers: 'json' | 'untyped';
  /** The vendor's own words in the body of a refusal, null where there are none; addresses are cut out afterwards. */
  readonly wordsIn: (body: unknown) => string | null;
}

const answerBytesMax = 4 * 1_048_576;
const wordsMax = 160;
const failed = (failure: Failure): Reply<never> => ({ ok: false, failure });

/** JSON calls to one vendor, each made once, with its answer checked. Never retries. */
export const createVendorCall = (options: VendorClientOptions, manners: VendorManners) => {
  const base = new URL(options.baseUrl);
  const root = `${base.pathname.replace(/\/+$/, '')}${manners.prefix}`;
  const { timeoutMs, monotonicMs, connections } = options;
  const exchange = createHttpExchange({
    ...{ origin: base.origin, timeoutMs, monotonicMs, connections, answerBytesMax },
  });

  /** Cut short and without addresses and profiles: they end up on a screen and in the audit. */
  const reasonIn = (text: string): string => {
    const body = jsonOf(text);
    const words = manners.wordsIn(body.ok ? body.value : null);
    if (words === null || words === '') return '.';
    const safe = words.replace(/\S+@\S+/g, '[address]').replace(/\S*linkedin\.com\S*/gi, '[profile]');
    return `: ${safe.slice(0, wordsMax)}`;
  };

  const read = (contentType: string, text: string): ReturnType<typeof jsonOf> | 'wrong_type' => {
    if (manners.answers === 'untyped') return text === '' ? { ok: true, value: null } : jsonOf(text);
    return /^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType) ? jsonOf(text) : 'wrong_type';
  };

  return {
    call: async <S extends z.ZodType>(
      schema: S,
      request: Omit<ExchangeRequest, 'headers'>,
      correlationId: string,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<Reply<z.output<S>>> => {
      const answer = await exchange.send({
        ...request,
        path: root + request.path,
        headers: {
          ...manners.credential,
          accept: 'application/json',
          'x-correlation-id': correlationId,
          // An empty body that is declared to be JSON is refused by vendors who read what is declared.
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      });
      if (answer.state === 'not_written') return failed({ kind: 'not_written', code: answer.code });
      if (answer.state === 'lost') return failed({ kind: 'lost', code: answer.code });
      const { status } = answer;
      if (status < 200 || status > 299) {
        const retryAfterMs = retryAfterMsOf(answer.retryAfter, options.nowMs());
        const message = `${manners.title} answered ${status}${reasonIn(answer.text)}`;
        return failed({ kind: 'status', status, retryAfterMs, message });
      }
      const body = read(answer.contentType, answer.text);
      if (body === 'wrong_type') return failed({ kind: 'unreadable', code: 'answer_wrong_type' });
      if (!body.ok) return failed({ kind: 'unreadable', code: 'answer_not_json' });
      const parsed = schema.safeParse(body.value);
      return parsed.success
        ? { ok: true, value: parsed.data }
        : failed({ kind: 'unreadable', code: 'answer_unexpected' });
    },
    close: () => exchange.close(),
  };
};

function jsonOf(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}
