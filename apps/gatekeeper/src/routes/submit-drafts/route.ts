import { postedDraftSchema, submittedDraftsSchema, type SubmittedDrafts } from '@caio/contracts';
import {
  bodyStream,
  correlationIdOf,
  describeIssues,
  HttpProblem,
  parseWellFormedJson,
  requirePermission,
  userOf,
} from '@caio/service-kit';
import { type Request, Router } from 'express';
import type { SubmitDraft } from '../../use-cases/submit-draft.ts';

const limitBytes = 16 * 1024 * 1024;
const lineBytesMax = 64 * 1024;
const draftsMax = 5_000;

type Taken = Extract<SubmittedDrafts['results'][number], { ok: true }>;
interface Refused {
  readonly ok: false;
  readonly index: number;
  readonly error: { readonly code: 'bad_request' | 'payload_too_large'; readonly message: string };
}
type Result = Taken | Refused;

/** The text of a body. A byte that is no UTF-8 is refused: replaced by a sign it would be sent to somebody. */
const decoded = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpProblem('bad_request', { message: 'The body is not valid UTF-8.' });
  }
};

const parseLine = (
  line: string,
  index: number,
): { ok: true; value: unknown } | { ok: false; result: Refused } => {
  if (Buffer.byteLength(line) > lineBytesMax) {
    return {
      ok: false,
      result: {
        ok: false,
        index,
        error: { code: 'payload_too_large', message: `This draft is larger than ${lineBytesMax} bytes.` },
      },
    };
  }
  const parsed = parseWellFormedJson(line);
  if (parsed.ok) return parsed;
  const message =
    parsed.reason === 'not_json'
      ? 'This line is not JSON.'
      : 'This draft holds half of a character (a lone surrogate).';
  return { ok: false, result: { ok: false, index, error: { code: 'bad_request', message } } };
};

const isLines = (req: Request): boolean => {
  const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-ndjson') return true;
  if (type === 'application/json') return false;
  throw new HttpProblem('unsupported_media_type', {
    message: 'Send application/json for one draft or application/x-ndjson for many.',
  });
};

/** POST /api/drafts: one JSON draft, or one per line. Each gets its own answer; a bad one costs only itself. */
export const submitDraftsRoute = (deps: { submitDraft: SubmitDraft }): Router => {
  const submit = async (req: Request, value: unknown, index: number): Promise<Result> => {
    const parsed = postedDraftSchema.safeParse(value);
    if (!parsed.success) {
      return {
        ok: false,
        index,
        error: {
          code: 'bad_request',
          message: `This draft could not be read: ${describeIssues(parsed.error, postedDraftSchema)}.`,
        },
      };
    }
    const agent = userOf(req).name;
    const answer = await deps.submitDraft({
      submission: parsed.data,
      origin: { kind: 'agent', agent },
      actor: agent,
      correlationId: correlationIdOf(req),
    });
    return { ok: true, index, sourceKey: parsed.data.sourceKey, answer };
  };

  return Router().post('/api/drafts', requirePermission('drafts:write'), async (req, res) => {
    const many = isLines(req);
    const body = bodyStream(req, { limitBytes });
    const chunks: Buffer[] = [];
    // Nothing is stored before the whole body was compared with the digest in the service token.
    for await (const chunk of body) chunks.push(chunk as Buffer);
    const text = decoded(Buffer.concat(chunks));
    const lines = many ? text.split(/\r?\n/).filter((line) => line.trim() !== '') : [text];
    if (lines.length > draftsMax)
      throw new HttpProblem('payload_too_large', { message: `At most ${draftsMax} drafts at once.` });
    if (lines.length === 0)
      throw new HttpProblem('bad_request', { message: 'There is no draft in this request.' });
    const results: Result[] = [];
    for (const [index, line] of lines.entries()) {
      const parsed = parseLine(line, index);
      results.push(parsed.ok ? await submit(req, parsed.value, index) : parsed.result);
    }
    const failed = results.some((result) => !result.ok);
    const status = !failed ? 201 : results.length === 1 ? 400 : 207;
    const only = results[0];
    if (status === 400 && only !== undefined && !only.ok)
      throw new HttpProblem(only.error.code, { message: only.error.message });
    res.status(status).json(submittedDraftsSchema.parse({ results }));
  });
};
