import type { SubmitDraftsJob } from '@caio/contracts';
import { runInContext } from '@caio/trace-envelope';
import type { SubmitDraft } from './submit-draft.ts';

/**
 * Takes the drafts of one job. Each gets its own answer: one that fails keeps none of the others from theirs. Throws
 * what failed once all were tried, for the queue to try the job again; those that have their answer get it again.
 */
export const createTakeDrafts =
  (deps: { submitDraft: SubmitDraft }) =>
  async ({ drafts }: SubmitDraftsJob): Promise<void> => {
    const answers = await Promise.allSettled(
      drafts.map(({ submission, origin, correlationId }) =>
        runInContext({ correlationId, caseId: null }, () =>
          deps.submitDraft({ submission, origin, actor: origin.kind, correlationId }),
        ),
      ),
    );
    const failures = answers.flatMap((answer): unknown[] =>
      answer.status === 'rejected' ? [answer.reason] : [],
    );
    if (failures.length > 0) throw failures[0];
  };
