import { createHmac } from 'node:crypto';
import { callHttp, type HttpAnswer } from '@caio/test-kit';
import { z } from 'zod';

const opSchema = z.object({
  id: z.string(),
  op: z.enum(['StepRun', 'StepPlanned', 'StepError', 'StepFailed', 'RunComplete']),
  displayName: z.string().optional(),
  name: z.string().optional(),
  data: z.unknown(),
});

type StepState = { type: 'data'; data: unknown };

/** RFC 8785 of what this executor sends: keys in order; its numbers and texts are plain. */
const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [two]) => (one < two ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
};

/**
 * The header Inngest signs a call with: HMAC of the RFC 8785 body and the time, under the key without its prefix. A
 * call without a body is signed as an empty text.
 */
export const signatureOf = (key: string, body: unknown, seconds: number): string => {
  const bare = key.replace(/^signkey-\w+-/, '');
  const text = `${body === null ? '' : canonicalJson(body)}${seconds}`;
  return `t=${seconds}&s=${createHmac('sha256', bare).update(text).digest('hex')}`;
};

export interface Execution {
  readonly data: unknown;
  /** Steps that were carried out, in order, by name. */
  readonly steps: readonly string[];
}

/**
 * Carries a function out over Inngest's wire protocol: calls the endpoint, keeps the result of each step, calls again
 * with what is known, until the function resolves. `lose` names a step whose first answer never arrives.
 */
export const createInngestExecutor = (options: { port: number; signingKey: string; appId: string }) => {
  const post = (functionId: string, body: unknown, seconds: number): Promise<HttpAnswer> =>
    callHttp(options.port, {
      method: 'POST',
      path: `/inngest?fnId=${options.appId}-${functionId}&stepId=step`,
      headers: {
        'content-type': 'application/json',
        'x-inngest-signature': signatureOf(options.signingKey, body, seconds),
      },
      body: JSON.stringify(body),
    });

  return {
    execute: async (
      functionId: string,
      faults: { lose?: string; retries?: number } = {},
    ): Promise<Execution> => {
      const known: Record<string, StepState> = {};
      const stack: string[] = [];
      const steps: string[] = [];
      let lose = faults.lose ?? null;
      let retriesLeft = faults.retries ?? 0;
      for (let calls = 0; calls < 100; calls += 1) {
        const event = { name: 'inngest/scheduled.timer', data: {}, id: 'evt-1', ts: 1 };
        const body = {
          event,
          events: [event],
          steps: known,
          version: 2,
          ctx: {
            run_id: 'run-of-this-test',
            attempt: 0,
            disable_immediate_execution: false,
            use_api: false,
            stack: { stack, current: stack.length },
          },
        };
        const answer = await post(functionId, body, Math.floor(Date.now() / 1_000));
        if (answer.status === 200) return { data: JSON.parse(answer.text), steps };
        if (answer.status !== 206)
          throw new Error(`Inngest's endpoint answered ${answer.status}: ${answer.text}`);
        for (const op of z.array(opSchema).parse(JSON.parse(answer.text))) {
          const name = op.displayName ?? op.name ?? op.id;
          if (op.op === 'RunComplete') return { data: op.data, steps };
          if (op.op === 'StepError' || op.op === 'StepFailed') {
            retriesLeft -= 1;
            if (retriesLeft < 0) throw new Error(`step ${name} failed`);
            continue;
          }
          if (op.op === 'StepPlanned')
            throw new Error(`step ${name} was planned; this executor runs one at a time`);
          steps.push(name);
          if (name === lose) {
            lose = null;
            continue;
          }
          known[op.id] = { type: 'data', data: op.data };
          stack.push(op.id);
        }
      }
      throw new Error('the function did not end');
    },
  };
};
