import { errorEnvelopeSchema } from '@caio/contracts';

/** What every failure can be traced by: the id under which the services logged the request. */
interface Traced {
  readonly correlationId: string | null;
}

/** The envelope of a refusal, in the words of the service that refused. */
interface Worded extends Traced {
  readonly code: string;
  readonly message: string;
  readonly fix: string | null;
}

/** Why a call to the API did not bring what was asked for; each kind is shown differently. */
export type ApiFailure =
  | ({ readonly kind: 'signed_out' } & Traced) // 401
  | ({ readonly kind: 'other_person' } & Traced) // 403, and somebody else is signed in by now
  | ({ readonly kind: 'forbidden'; readonly permission: string | null } & Worded) // 403
  | ({ readonly kind: 'missing' } & Worded) // 404
  | ({ readonly kind: 'conflict'; readonly status: string | null } & Worded) // 409
  | ({ readonly kind: 'too_many'; readonly retryAfterMs: number } & Worded) // 429
  | ({ readonly kind: 'unavailable'; readonly part: string | null } & Worded) // 502, 503, 504
  | ({ readonly kind: 'refused' } & Worded) // any other status
  | ({ readonly kind: 'unreadable'; readonly place: string } & Traced) // not what the contract says
  | ({ readonly kind: 'offline' } & Traced) // no connection
  | ({ readonly kind: 'silent' } & Traced) // connected, and no answer in time
  | ({ readonly kind: 'aborted' } & Traced); // the desk no longer wanted it

export interface FailedAnswer {
  readonly status: number;
  /** The parsed JSON body, or undefined when it was none. */
  readonly body: unknown;
  readonly correlationId: string | null;
  readonly retryAfter: string | null;
}

const defaultRetryAfterMs = 5_000;

const retryAfterMsOf = (header: string | null): number => {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : defaultRetryAfterMs;
};

const textIn = (details: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | null => {
  for (const name of names) {
    const value = details[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
};

/** Parts that a message of the gateway may name, with the word a reader knows. */
const parts = ['gatekeeper', 'scheduler', 'webhooks', 'gateway', 'Redis'] as const;

const partIn = (details: Readonly<Record<string, unknown>>, code: string, message: string): string | null => {
  const named = textIn(details, 'part', 'service', 'upstream');
  if (named !== null) return named;
  const mentioned = parts.find((part) => message.toLowerCase().includes(part.toLowerCase()));
  if (mentioned !== undefined) return mentioned;
  return code === 'store_unavailable' || code === 'store_recovering' ? 'store' : null;
};

/** Maps an answer other than success to the failure the desk shows. Shape of the body: `errorEnvelopeSchema`. */
export const failureOf = ({ status, body, correlationId, retryAfter }: FailedAnswer): ApiFailure => {
  const envelope = errorEnvelopeSchema.safeParse(body);
  const error = envelope.success ? envelope.data.error : null;
  const details = error?.details ?? {};
  const worded: Worded = {
    code: error?.code ?? `http_${status}`,
    message: error?.message ?? `The answer had the status ${status} and no explanation.`,
    fix: error?.fix ?? null,
    correlationId: error?.correlationId ?? correlationId,
  };
  switch (status) {
    case 401:
      return { kind: 'signed_out', correlationId: worded.correlationId };
    case 403:
      return { kind: 'forbidden', ...worded, permission: textIn(details, 'permission') };
    case 404:
      return { kind: 'missing', ...worded };
    case 409:
      return { kind: 'conflict', ...worded, status: textIn(details, 'status', 'state') };
    case 429:
      return { kind: 'too_many', ...worded, retryAfterMs: retryAfterMsOf(retryAfter) };
    case 502:
    case 503:
    case 504:
      return { kind: 'unavailable', ...worded, part: partIn(details, worded.code, worded.message) };
    default:
      return { kind: 'refused', ...worded };
  }
};

/** Whether waiting can help, so that the desk tries again by itself. */
export const passesByItself = (failure: ApiFailure): boolean =>
  failure.kind === 'offline' ||
  failure.kind === 'silent' ||
  failure.kind === 'unavailable' ||
  failure.kind === 'too_many';
