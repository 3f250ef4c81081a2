import type { Gate } from '../gate-fixture.ts';
import { createBothSides } from './both-sides.ts';
import { observeModel, observeStore } from './observation.ts';
import { type Operation, operationText } from './operation.ts';

export interface Difference {
  readonly at: number;
  readonly operation: string;
  readonly model: string;
  readonly store: string;
}

/**
 * Does the operations to the model and to the real stores of an empty environment, and compares answers and everything
 * stored after each. Null when there was no difference. `onStep` hears of each operation that meant something.
 */
export const replay = async (
  gate: Gate,
  operations: readonly Operation[],
  onStep: (kind: string, answer: string) => void = () => undefined,
): Promise<Difference | null> => {
  const { state, carryOut } = createBothSides(gate);
  let lastRow = (await observeStore(gate, state, '')).lastRow;
  for (const [at, operation] of operations.entries()) {
    const answers = await carryOut(operation);
    if (answers === null) continue;
    const [expected, answered] = answers;
    const named = { at, operation: operationText(operation) };
    onStep(operation.kind, expected.split(' ')[0] ?? '');
    if (expected !== answered) return { ...named, model: expected, store: answered };
    const model = observeModel(state);
    const { observation, lastRow: row } = await observeStore(gate, state, lastRow);
    state.rows = [];
    lastRow = row;
    const differs = model.findIndex((line, place) => line !== observation[place]);
    if (differs >= 0) return { ...named, model: model[differs] ?? '', store: observation[differs] ?? '' };
  }
  return null;
};
