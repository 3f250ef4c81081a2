export type UndoStep = () => unknown;

export interface Undo {
  readonly add: (step: UndoStep) => void;
  readonly run: () => Promise<void>;
}

/** What takes back everything that was begun, the latest first. A step that fails keeps no other from being taken. */
export const createUndo = (): Undo => {
  const steps: UndoStep[] = [];
  return {
    add: (step) => void steps.push(step),
    run: async () => {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
};
