import { z } from 'zod';
import { createRandom } from '../randomness.ts';
import { endpoints, type Endpoint } from './endpoints.ts';

export type { Endpoint } from './endpoints.ts';

const moment = z.enum(['before_acceptance', 'after_acceptance']);

/**
 * What goes wrong. `ignore`: a call on one campaign or lead answers with it unchanged. `empty_page`: a list shows
 * nothing. `mail_first`: the lead leaves right before the call about it is carried out. `partial_add`: the vendor
 * takes less than it was handed and answers with success. `drip`: the answer comes bit by bit. `twins`: a person who is
 * there already is taken again, as when two calls come at one instant. Everything else but a
 * status, hang or cut "before acceptance" happens to work that was done. Over SMTP a status is a reply code.
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
  z.strictObject({
    kind: z.literal('drip'),
    everyMs: z.number().int().positive(),
    bytes: z.number().int().positive().default(1),
  }),
  z.strictObject({ kind: z.literal('malformed_json') }),
  z.strictObject({ kind: z.literal('wrong_content_type') }),
  z.strictObject({ kind: z.literal('partial') }),
  z.strictObject({ kind: z.literal('partial_add') }),
  z.strictObject({ kind: z.literal('ignore') }),
  z.strictObject({ kind: z.literal('empty_page') }),
  z.strictObject({ kind: z.literal('mail_first') }),
  z.strictObject({ kind: z.literal('oversized') }),
  z.strictObject({ kind: z.literal('twins') }),
  z.strictObject({ kind: z.literal('hide'), visibilityMs: z.number().int().positive() }),
  z.strictObject({
    kind: z.literal('alter'),
    email: z.string().optional(),
    subject: z.string().optional(),
    body: z.string().optional(),
  }),
]);
export type FaultEffect = z.infer<typeof effectSchema>;

/** `hit` 1 is the first matching call after the plan was set; `email` narrows a call about one person to them. */
export const faultSchema = z.strictObject({
  endpoint: z.enum(endpoints),
  hit: z.union([z.number().int().positive(), z.literal('every')]).default('every'),
  email: z.string().optional(),
  effect: effectSchema,
});
export type Fault = z.input<typeof faultSchema>;

/**
 * Faults by chance. Each matching call meets `effect` with `probability`, drawn from the seed, the rule, the person the
 * call is about and how many such calls there were: the same seed gives each person the same luck in any order.
 */
const randomFaultsSchema = z.strictObject({
  seed: z.number().int(),
  rules: z
    .array(
      z.strictObject({
        endpoint: z.enum(endpoints),
        probability: z.number().min(0).max(1),
        effect: effectSchema,
      }),
    )
    .max(1_000),
});
export type RandomFaults = z.input<typeof randomFaultsSchema>;

export const faultPlanSchema = z.strictObject({
  faults: z.array(faultSchema).max(1_000),
  random: randomFaultsSchema.optional(),
  /** `on`: a call with an Idempotency-Key that was used before changes nothing and gets the answer it missed. */
  idempotency: z.enum(['on', 'off']).default('off'),
});
export type FaultPlanInput = z.input<typeof faultPlanSchema>;

/** 32 bits that any change of the text changes (FNV-1a). */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Counts matching calls per fault and says which effects a call meets, in the order they were planned. */
export function createFaultPlan() {
  let faults: { fault: z.output<typeof faultSchema>; seen: number }[] = [];
  let random: z.output<typeof randomFaultsSchema> | null = null;
  let drawn = new Map<string, number>();
  let idempotency: 'on' | 'off' = 'off';

  const byChance = (endpoint: Endpoint, email: string | null, met: FaultEffect[]): void => {
    if (random === null) return;
    const subject = `${endpoint} ${email ?? ''}`;
    const count = (drawn.get(subject) ?? 0) + 1;
    drawn.set(subject, count);
    random.rules.forEach((rule, index) => {
      if (rule.endpoint !== endpoint) return;
      const luck = createRandom(mixed(`${random?.seed ?? 0} ${index} ${subject} ${count}`))();
      if (luck < rule.probability) met.push(rule.effect);
    });
  };

  return {
    set: (planned: readonly Fault[] | FaultPlanInput): void => {
      const plan = faultPlanSchema.parse('faults' in planned ? planned : { faults: planned });
      faults = plan.faults.map((fault) => ({ fault, seen: 0 }));
      random = plan.random ?? null;
      drawn = new Map();
      idempotency = plan.idempotency;
    },
    idempotency: (): 'on' | 'off' => idempotency,
    effectsOf: (endpoint: Endpoint, email: string | null): readonly FaultEffect[] => {
      if (faults.length === 0 && random === null) return none;
      const met: FaultEffect[] = [];
      for (const entry of faults) {
        if (entry.fault.endpoint !== endpoint) continue;
        if (entry.fault.email !== undefined && entry.fault.email !== email) continue;
        entry.seen += 1;
        if (entry.fault.hit === 'every' || entry.fault.hit === entry.seen) met.push(entry.fault.effect);
      }
      byChance(endpoint, email, met);
      return met;
    },
  };
}
export type FaultPlan = ReturnType<typeof createFaultPlan>;

const none: readonly FaultEffect[] = [];
