import type { AppliedListImport, ListDiff } from '@caio/contracts';
import type { ListChanges } from '@caio/state-store';
import type { ComparedList, CompareList, ListComparison, ListFile } from './compare-list.ts';
import type { ShowWhatIf, WhatIfPage } from './show-what-if.ts';

type ListProblem = Extract<ListComparison, { ok: false }>['problem'];

export type PreviewListOutcome =
  | { readonly outcome: 'compared'; readonly diff: ListDiff } // 200
  | { readonly outcome: 'unreadable'; readonly problem: ListProblem }; // 400

export type ApplyListOutcome =
  | { readonly outcome: 'applied'; readonly applied: AppliedListImport } // 200
  | { readonly outcome: 'rows_unreadable'; readonly count: number } // 400
  | { readonly outcome: 'changed'; readonly diff: ListDiff } // 409
  | { readonly outcome: 'unreadable'; readonly problem: ListProblem }; // 400

const firstPage: WhatIfPage = { limit: 50 };

/** Imports a list in two steps: the difference is shown, then exactly that difference is stored. */
export const createImportList = (deps: {
  compareList: CompareList;
  changes: Pick<ListChanges, 'importList'>;
  whatIf: ShowWhatIf;
}) => {
  const shown = async ({ diff, keys }: ComparedList, page: WhatIfPage): Promise<ListDiff> => ({
    ...diff,
    wouldBlock: await deps.whatIf.ofKeys(keys, page),
  });

  return {
    preview: async (file: ListFile, page: WhatIfPage): Promise<PreviewListOutcome> => {
      const comparison = await deps.compareList(file);
      return comparison.ok
        ? { outcome: 'compared', diff: await shown(comparison.compared, page) }
        : { outcome: 'unreadable', problem: comparison.problem };
    },

    apply: async (
      file: ListFile & { readonly diffDigest: string; readonly correlationId: string },
    ): Promise<ApplyListOutcome> => {
      const comparison = await deps.compareList(file);
      if (!comparison.ok) return { outcome: 'unreadable', problem: comparison.problem };
      const { compared } = comparison;
      const { diff, add, remove, pseudonyms, sizeBefore } = compared;
      if (diff.diffDigest !== file.diffDigest)
        return { outcome: 'changed', diff: await shown(compared, firstPage) };
      // Whom a row means that nobody can read is not known; to replace the list would take them off it.
      if (file.choice === 'replace' && diff.unreadable.length > 0)
        return { outcome: 'rows_unreadable', count: diff.unreadable.length };
      const stored = await deps.changes.importList({
        ...{ list: file.list, add, remove, pseudonyms, sizeBefore },
        ...{ diffDigest: diff.diffDigest, actor: file.actor, correlationId: file.correlationId },
      });
      if (!stored) {
        const again = await deps.compareList(file);
        return again.ok
          ? { outcome: 'changed', diff: await shown(again.compared, firstPage) }
          : { outcome: 'unreadable', problem: again.problem };
      }
      return {
        outcome: 'applied',
        applied: {
          ...{ list: diff.list, file: diff.file, diffDigest: diff.diffDigest },
          ...{ added: diff.added.length, removed: diff.removed.length },
          ...{ known: diff.known.length, unreadable: diff.unreadable.length },
        },
      };
    },
  };
};

export type ImportList = ReturnType<typeof createImportList>;
