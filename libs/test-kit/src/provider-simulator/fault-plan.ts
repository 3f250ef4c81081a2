import { z } from 'zod';

/** One word per vendor call; faults, hit counts and statistics are kept per endpoint. */
export const endpoints = [
  'POST /campaigns',
  'GET /campaigns',
  'GET /campaigns/:id',
  'DELETE /campaigns/:id',
  'POST /campaigns/:id/pause',
  'POST /campaigns/:id/activate',
  'POST /leads',
  'DELETE /leads',
  'POST /leads/list',
  'GET /leads/:id',
  'DELETE /leads/:id',
] as const;
export type Endpoint = (typeof endpoints)[number];

const moment = z.enum(['before_acceptance', 'after_acceptance']);

/**
 * What goes wrong. `ignore`: a call on one campaign or lead answers with it unchanged. `empty_page`: a list shows
 * nothing. `mail_first`: the lead leaves right before the call about it is carried out. Everything else but a
 * status, hang or cut "before acceptance" happens to work that was done.
 */
const effectSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.number().int().min(200).max(599),
    retryAfter: z.string().optional(),
    message: z.string().optional(),
    when: moment.default('before_acceptance'),
  }),
  z.strictObject({ kind: z.literal('hang'), when: moment }),
  z.strictObject({ kind: z.literal('cut'), when: moment }),
  z.strictObject({ kind: z.literal('delay'), delayMs: z.number().int().positive() }),
  z.strictObject({ kind: z.literal('malformed_json') }),
  z.strictObject({ kind: z.literal('wrong_content_type') }),
  z.strictObject({ kind: z.literal('partial') }),
  z.strictObject({ kind: z.literal('ignore') }),
  z.strictObject({ kind: z.literal('empty_page') }),
  z.strictObject({ kind: z.literal('mail_first') }),
  z.strictObject({ kind: z.literal('oversized') }),
  z.strictObject({ kind: z.literal('hide'), visibilityMs: z.number().int().positive() }),
  z.strictObject({
    kind: z.literal('alter'),
    email: z.string().optional(),
    subject: z.string().optional(),
    body: z.string().optional(),
  }),
]);
export type FaultEffect = z.infer<typeof effectSchema>;

/** `hit` 1 is the first matching call after the plan was set; `email` narrows `POST /leads` to one person. */
export const faultSchema = z.strictObject({
  endpoint: z.enum(endpoints),
  hit: z.union([z.number().int().positive(), z.literal('every')]).default('every'),
  email: z.string().optional(),
  effect: effectSchema,
});
export type Fault = z.input<typeof faultSchema>;

export const faultPlanSchema = z.strictObject({ faults: z.array(faultSchema).max(1_000) });

/** Counts matching calls per fault and says which effects a call meets, in the order they were planned. */
export function createFaultPlan() {
  let faults: { fault: z.output<typeof faultSchema>; seen: number }[] = [];
  return {
    set: (planned: readonly Fault[]): void => {
      faults = faultPlanSchema.parse({ faults: planned }).faults.map((fault) => ({ fault, seen: 0 }));
    },
    effectsOf: (endpoint: Endpoint, email: string | null): readonly FaultEffect[] => {
      if (faults.length === 0) return none;
      const met: FaultEffect[] = [];
      for (const entry of faults) {
        if (entry.fault.endpoint !== endpoint) continue;
        if (entry.fault.email !== undefined && entry.fault.email !== email) continue;
        entry.seen += 1;
        if (entry.fault.hit === 'every' || entry.fault.hit === entry.seen) met.push(entry.fault.effect);
      }
      return met;
    },
  };
}

const none: readonly FaultEffect[] = [];
