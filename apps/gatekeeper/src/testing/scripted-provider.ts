import type { ActionId, DispatchOutcome } from '@caio/contracts';
import type { ActionQuery, Handover, ProviderAdapter, ProviderFinding } from '../provider-port.ts';

/** A provider on the other side of the port that does what a test says and remembers what reached it. */
export const createScriptedProvider = (
  traits: Partial<
    Pick<ProviderAdapter, 'holdsBeforeMailing' | 'idempotency' | 'visibilityLagMaxMs' | 'rateBudget'>
  > = {},
) => {
  const handovers: Handover[] = [];
  const takenBack: ActionQuery[] = [];
  /** What it accepted and still has, as it would show it. */
  const holding = new Map<string, ProviderFinding>();
  const findings = new Map<string, ProviderFinding>();
  const script = {
    send: (_: Handover): Promise<DispatchOutcome> =>
      Promise.resolve({
        outcome: 'accepted',
        providerMessageId: `provider-${handovers.length}`,
        holdsBeforeMailing: traits.holdsBeforeMailing ?? true,
        proof: 'the provider said yes',
      }),
    /** For an action that `findings` says nothing about; null leaves it out of the answer. */
    otherwise: (): ProviderFinding | null => ({ state: 'absent' }),
    takeBack: (): ReturnType<ProviderAdapter['takeBack']> =>
      Promise.resolve({ ok: true, readBack: 'absent' }),
  };
  const adapter: ProviderAdapter = {
    name: 'instantly',
    mode: 'sandbox',
    holdsBeforeMailing: true,
    idempotency: 'keyed',
    visibilityLagMaxMs: 0,
    unsubscribe: 'vendor',
    rateBudget: null,
    ...traits,
    send: (handover) => {
      handovers.push(handover);
      return script.send(handover).then((outcome) => {
        if (outcome.outcome === 'accepted') {
          const { contentDigest, attemptId } = handover;
          const { providerMessageId, holdsBeforeMailing } = outcome;
          const mailed = !holdsBeforeMailing;
          holding.set(handover.actionId, {
            ...{ state: 'present', providerMessageId, contentDigest, mailed, attemptId },
          });
        }
        return outcome;
      });
    },
    find: (queries) => {
      const found = new Map<ActionId, ProviderFinding>();
      for (const { actionId } of queries) {
        const finding = findings.get(actionId) ?? holding.get(actionId) ?? script.otherwise();
        if (finding !== null) found.set(actionId, finding);
      }
      return Promise.resolve(found);
    },
    takeBack: (query) => {
      takenBack.push(query);
      return script.takeBack().then((outcome) => {
        if (outcome.ok) holding.delete(query.actionId);
        return outcome;
      });
    },
    pauseAll: () => Promise.resolve({ paused: 0, failed: [] }),
    close: () => Promise.resolve(),
  };
  return { adapter, script, handovers, takenBack, findings, holding };
};

export type ScriptedProvider = ReturnType<typeof createScriptedProvider>;
