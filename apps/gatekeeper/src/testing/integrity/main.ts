import { openGateBenches } from '../gate-bench.ts';
import { checkEncodings, type EncodingReport } from './check-encodings.ts';
import { checkMutations, type MutationReport } from './check-mutations.ts';

/** Both checks of what an approval binds, on one real store of their own. `root` is the repository's folder. */
export const checkApprovals = async (options: {
  root: string;
  mutations: number;
  encodings: number;
  seed: number;
  onProgress: (what: string, done: number) => void;
}): Promise<{ mutations: MutationReport; encodings: EncodingReport }> => {
  const benches = await openGateBenches({ root: options.root });
  try {
    return {
      mutations: await checkMutations({
        ...{ benches, mutations: options.mutations, seed: options.seed },
        onProgress: (done) => options.onProgress('mutations', done),
      }),
      encodings: await checkEncodings({
        ...{ benches, encodings: options.encodings, seed: options.seed },
        onProgress: (done) => options.onProgress('equal encodings', done),
      }),
    };
  } finally {
    await benches.close();
  }
};
