import { createGateFixture } from '../gate-fixture.ts';
import { checkOperations, type OperationReport } from './check-operations.ts';

/** The check against the model, on a real store of its own. */
export const checkLifeCycle = async (options: {
  operations: number;
  seed: number;
  onProgress: (done: number) => void;
}): Promise<OperationReport> => {
  const fixture = await createGateFixture();
  try {
    return await checkOperations({ ...options, fixture });
  } finally {
    await fixture.close();
  }
};
