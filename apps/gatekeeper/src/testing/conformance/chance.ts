import type { FaultEffect } from '@caio/test-kit';
import { disagreement, lies, type Violations } from './promises.ts';
import { handoverFor, queryFor, type Subject } from './subject.ts';

/** Many at once of one batch, their steps failing by chance; the seed is all it takes to see it again. */
export async function underChance(
  subject: Subject,
  seeds: readonly number[],
  count: number,
): Promise<Violations> {
  const found: string[] = [];
  const kinds = new Set<string>();
  // What prepares the way is shared by all of a batch, so that it fails for many at once.
  const rules = subject.steps.flatMap(({ endpoint, when }) =>
    chances.map((effect) => ({ endpoint, probability: when === 'before' ? 0.01 : 0.04, effect })),
  );
  for (const seed of seeds) {
    const { batchId } = handoverFor(subject);
    const handovers = Array.from({ length: count }, () => handoverFor(subject, { batchId }));
    subject.setFaults({ faults: [], random: { seed, rules } });
    const outcomes = await Promise.all(
      handovers.map(async (handover) => ({ handover, outcome: await subject.adapter.send(handover) })),
    );
    subject.heal();
    const findings = await subject.adapter.find(handovers.map(queryFor));
    for (const [index, { handover, outcome }] of outcomes.entries()) {
      kinds.add(outcome.outcome);
      const arrived = (await subject.arrived(handover.actionId)).length > 0;
      const violations = [
        ...(await lies(subject, handover, outcome)),
        ...disagreement(subject, findings.get(handover.actionId), arrived ? handover : null),
      ];
      found.push(...violations.map((one) => `seed ${String(seed)}, message ${String(index)}: ${one}`));
    }
  }
  if (!kinds.has('accepted') || kinds.size < 3) found.push(`only ${[...kinds].join(' and ')} came of it`);
  return found;
}

const chances: readonly FaultEffect[] = [
  { kind: 'cut', when: 'before_acceptance' },
  { kind: 'cut', when: 'after_acceptance' },
  { kind: 'malformed_json' },
  { kind: 'partial' },
  ...[421, 429, 450, 500, 503, 550].map((status): FaultEffect => ({
    kind: 'status',
    status,
    when: 'before_acceptance',
  })),
];
