import { isDeepStrictEqual } from 'node:util';
import {
  refusedReasons,
  releasedReasons,
  unknownReasons,
  type DispatchOutcome,
  type Message,
} from '@caio/contracts';
import type { Handover, ProviderAdapter, ProviderFinding } from '../../provider-port.ts';
import type { FaultCase } from './fault-cases.ts';
import { anotherAttempt, handoverFor, queryFor, type Step, type Subject } from './subject.ts';

/**
 * The promises that dispatch relies on, each judged by what the other side has on record and never by what the adapter
 * says of itself. Every function answers with the broken ones, in words; none means that it holds.
 */
export type Violations = readonly string[];

const reasons: Readonly<Record<string, object>> = {
  refused: refusedReasons,
  released: releasedReasons,
  unknown: unknownReasons,
};

const shown = (outcome: DispatchOutcome): string =>
  outcome.outcome === 'accepted' ? 'accepted' : `${outcome.outcome} (${outcome.code})`;

/** What an outcome claims, against what arrived. */
export async function lies(
  subject: Subject,
  handover: Handover,
  outcome: DispatchOutcome,
): Promise<string[]> {
  const arrived = await subject.arrived(handover.actionId);
  const found: string[] = [];
  if (arrived.length > 1) found.push(`${String(arrived.length)} messages arrived`);
  if (outcome.outcome === 'accepted') {
    if (arrived.length === 0) found.push('accepted, and nothing arrived');
    else if (!isDeepStrictEqual(arrived[0], subject.expected(handover.message))) {
      found.push('accepted, and something else than the approved message arrived');
    }
    if (outcome.holdsBeforeMailing !== subject.adapter.holdsBeforeMailing) {
      found.push('accepted in another way than the adapter declares');
    }
    if (outcome.providerMessageId === '' || outcome.proof === '') found.push('accepted without a proof');
    return found;
  }
  if (outcome.outcome !== 'unknown' && arrived.length > 0) found.push(`${shown(outcome)}, and it arrived`);
  if (!(outcome.code in (reasons[outcome.outcome] ?? {})))
    found.push(`${shown(outcome)} is explained nowhere`);
  return found;
}

/** Answers by which the other side says that it took nothing; to be unsure of them costs a person's time. */
const isPlainRefusal = ({ effect }: FaultCase): boolean =>
  effect.kind === 'status' &&
  effect.when === 'before_acceptance' &&
  effect.status >= 400 &&
  effect.status < 500 &&
  effect.status !== 408;

/** One hand-over that meets one fault at one of its steps. */
export async function underFault(
  subject: Subject,
  step: Step,
  fault: FaultCase,
  adapter: ProviderAdapter = fault.hasty ? subject.hasty : subject.adapter,
): Promise<Violations> {
  const handover = handoverFor(subject);
  subject.setFaults({ faults: [{ endpoint: step.endpoint, effect: fault.effect, hit: 1 }] });
  const outcome = await adapter.send(handover);
  subject.heal();
  const found = await lies(subject, handover, outcome);
  const arrived = (await subject.arrived(handover.actionId)).length;
  if (step.when === 'before' && !fault.hasty && outcome.outcome === 'unknown' && arrived === 0) {
    found.push(`${shown(outcome)}, and the message was never on its way`);
  }
  if (step.when === 'message' && outcome.outcome === 'unknown' && isPlainRefusal(fault)) {
    found.push(`${shown(outcome)}, and the other side said that it took nothing`);
  }
  const { effect } = fault;
  if (outcome.outcome === 'released' && effect.kind === 'status' && effect.retryAfter === '7') {
    if (step.when !== 'after' && outcome.retryAfterMs !== 7_000)
      found.push('the other side’s Retry-After is lost');
  }
  if (outcome.outcome === 'released' && (outcome.retryAfterMs <= 0 || outcome.retryAfterMs > 3_600_000)) {
    found.push(`a wait of ${String(outcome.retryAfterMs)} ms`);
  }
  if (effect.kind === 'alter' && outcome.outcome === 'accepted')
    found.push('accepted as approved, and altered');
  const looking = adapter === subject.hasty ? subject.adapter : adapter;
  found.push(...(await afterwards(subject, handover, looking, effect.kind === 'alter')));
  const what = `${step.endpoint} meets ${JSON.stringify(effect)}:`;
  return found.map((violation) => `${what} ${violation}`);
}

/** Once everything is well again, the other side is described as it is. */
async function afterwards(
  subject: Subject,
  handover: Handover,
  adapter: ProviderAdapter,
  isAltered: boolean,
): Promise<string[]> {
  const isThere = async (): Promise<boolean> => (await subject.arrived(handover.actionId)).length > 0;
  let arrived = await isThere();
  let finding = (await adapter.find([queryFor(handover)])).get(handover.actionId);
  // What an adapter in a hurry gave up on may arrive while it is looked for.
  while (arrived !== (await isThere())) {
    arrived = await isThere();
    finding = (await adapter.find([queryFor(handover)])).get(handover.actionId);
  }
  if (isAltered) {
    return finding?.state === 'present' && finding.contentDigest === handover.contentDigest
      ? ['found as approved, and altered']
      : [];
  }
  return disagreement(subject, finding, arrived ? handover : null);
}

export function disagreement(
  subject: Subject,
  finding: ProviderFinding | undefined,
  there: Handover | null,
): string[] {
  if (finding === undefined) return ['a question got no answer'];
  if (!subject.looksUp) return finding.state === 'unreadable' ? [] : ['found what nobody can look up'];
  if (finding.state === 'unreadable') return ['found to be unreadable when everything was well'];
  if (there === null) return finding.state === 'absent' ? [] : ['found what is not there'];
  if (finding.state === 'absent') return ['not found, and it is there'];
  const found: string[] = [];
  if (finding.contentDigest !== there.contentDigest) found.push('found with another digest than it has');
  if (finding.attemptId !== there.attemptId) found.push('found as another attempt');
  if (finding.mailed === subject.adapter.holdsBeforeMailing)
    found.push('found in another state than it is in');
  return found;
}

/** Several at once, nobody gets another's words, and each is found with its own digest; a stranger is not. */
export async function ofAnOrdinaryBatch(subject: Subject, adapter = subject.adapter): Promise<Violations> {
  const first = handoverFor(subject);
  const others = [1, 2, 3].map(() => handoverFor(subject, { batchId: first.batchId }));
  const handovers = [first, ...others];
  const outcomes = await Promise.all(handovers.map((handover) => adapter.send(handover)));
  const stranger = handoverFor(subject);
  const findings = await adapter.find([...handovers, stranger].map(queryFor));
  const found: string[] = disagreement(subject, findings.get(stranger.actionId), null);
  for (const [index, handover] of handovers.entries()) {
    const outcome = outcomes[index];
    if (outcome?.outcome !== 'accepted')
      found.push(`an ordinary message was ${outcome === undefined ? 'lost' : shown(outcome)}`);
    else found.push(...(await lies(subject, handover, outcome)));
    found.push(...disagreement(subject, findings.get(handover.actionId), handover));
  }
  return found;
}

export async function ofASecondHandover(subject: Subject, adapter = subject.adapter): Promise<Violations> {
  const handover = handoverFor(subject);
  await adapter.send(handover);
  const again = await adapter.send(anotherAttempt(handover));
  const arrived = (await subject.arrived(handover.actionId)).length;
  if (!subject.sendsOnce) {
    return subject.adapter.idempotency === 'none' ? [] : ['says that keys are honoured, and sends twice'];
  }
  return [
    ...(again.outcome === 'accepted' ? [] : [`a second hand-over was ${shown(again)}`]),
    ...(arrived === 1 ? [] : [`${String(arrived)} messages arrived`]),
  ];
}

/** At its deadline, and when that passes while the way is being prepared. */
export async function ofTheDeadline(subject: Subject, adapter = subject.adapter): Promise<Violations> {
  const found: string[] = [];
  const judge = async (handover: Handover, outcome: DispatchOutcome, when: string): Promise<void> => {
    if (outcome.outcome !== 'released' || outcome.code !== 'deadline_passed') {
      found.push(`${when}: ${shown(outcome)}`);
    }
    if ((await subject.arrived(handover.actionId)).length > 0) found.push(`${when}: it arrived`);
  };
  const late = handoverFor(subject, { sendDeadlineMs: subject.clock.monotonicMs() });
  await judge(late, await adapter.send(late), 'at the deadline');

  const preparing = subject.steps.find(({ when }) => when === 'before');
  if (preparing === undefined) return found;
  const handover = handoverFor(subject);
  subject.lateAfter(preparing.endpoint);
  await judge(handover, await adapter.send(handover), 'when the deadline passed on the way');
  subject.lateAfter(null);
  return found;
}

/** Bytes, words and digest that do not belong together are refused, and nothing is written. */
export async function ofTheSeal(subject: Subject, adapter = subject.adapter): Promise<Violations> {
  const found: string[] = [];
  const tamperings: Readonly<Record<string, (handover: Handover) => Partial<Handover>>> = {
    'a changed byte': ({ bytes }) => ({ bytes: bytes.replace('person', 'qerson') }),
    'other words than the bytes': ({ message }) => ({
      message: { ...message, body: 'other words' } satisfies Message,
    }),
    'another digest': () => ({ contentDigest: '0'.repeat(64) }),
  };
  for (const [name, tamper] of Object.entries(tamperings)) {
    const handover = handoverFor(subject);
    const outcome = await adapter.send({ ...handover, ...tamper(handover) });
    if (outcome.outcome !== 'refused' || outcome.code !== 'content_mismatch')
      found.push(`${name}: ${shown(outcome)}`);
    if ((await subject.arrived(handover.actionId)).length > 0) found.push(`${name}: it arrived`);
  }
  return found;
}

/** Taken back is a read-back absence; what left is said to have left; what cannot be read is neither. */
export async function ofTakingBack(subject: Subject, adapter = subject.adapter): Promise<Violations> {
  const found: string[] = [];
  const handover = handoverFor(subject);
  await adapter.send(handover);
  const taken = await adapter.takeBack(queryFor(handover));
  const after = (await subject.adapter.find([queryFor(handover)])).get(handover.actionId);
  const held = subject.adapter.holdsBeforeMailing;
  if (taken.ok !== held)
    found.push(taken.ok ? 'took back what had left' : `kept what it held (${taken.code})`);
  if (taken.ok && after?.state !== 'absent') found.push('says that it is gone, and it is there');
  const nobody = await adapter.takeBack(queryFor(handoverFor(subject)));
  if (subject.looksUp && !nobody.ok) found.push('cannot say that what was never there is not there');
  return found;
}

export async function ofReadingNothing(subject: Subject, adapter = subject.adapter): Promise<Violations> {
  const found: string[] = [];
  const handover = handoverFor(subject);
  await adapter.send(handover);
  subject.breakReads();
  const finding = (await adapter.find([queryFor(handover)])).get(handover.actionId);
  const taken = await adapter.takeBack(queryFor(handover));
  const paused = await adapter.pauseAll({ correlationId: handover.correlationId });
  subject.heal();
  if (finding?.state !== 'unreadable') found.push(`what cannot be read is ${finding?.state ?? 'nothing'}`);
  if (taken.ok) found.push('took back what cannot be read');
  if (subject.adapter.holdsBeforeMailing && paused.failed.length === 0) {
    found.push('says that all is paused, and could not look');
  }
  if (paused.paused > 0) found.push('counts as paused what it could not ask');
  return found;
}
