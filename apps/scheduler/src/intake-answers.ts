import {
  type Bar,
  excludedLeadsSchema,
  type IntakeAnswer,
  intakeAnswersSchema,
  type Lead,
} from '@caio/contracts';
import type { InternalClient } from '@caio/service-kit';

/** What the gate said so far to the rows of a run. Null while it does not answer, which is a reason to wait. */
export interface IntakeAnswers {
  readonly count: (runId: string, correlationId: string) => Promise<number | null>;
  /** Why nobody may write to those of `leads` of whom that is so, by their lines. */
  readonly excluded: (
    leads: ReadonlyMap<number, Lead>,
    correlationId: string,
  ) => Promise<ReadonlyMap<number, Bar> | null>;
  readonly all: (runId: string, correlationId: string) => Promise<ReadonlyMap<number, IntakeAnswer> | null>;
}

/** Asks the gatekeeper, which owns the answers. Throws when it refuses to say, because waiting cannot help then. */
export const createIntakeAnswers = (gatekeeper: Pick<InternalClient, 'request'>): IntakeAnswers => {
  const ask = async (runId: string, correlationId: string, view: 'count' | 'all') => {
    const answer = await gatekeeper.request({
      method: 'GET',
      path: `/internal/runs/${runId}/intake-answers?view=${view}`,
      correlationId,
      schema: intakeAnswersSchema,
    });
    if (answer.ok) return answer.data;
    if (answer.status >= 500) return null;
    throw new Error(`the gatekeeper refused to answer for ${runId}: ${answer.error.code}`);
  };
  return {
    excluded: async (leads, correlationId) => {
      const answer = await gatekeeper.request({
        method: 'POST',
        path: '/internal/excluded-leads',
        correlationId,
        body: {
          leads: [...leads].map(([line, { email, linkedinUrl, companyDomain }]) => ({
            ...{ line, email, linkedinUrl, companyDomain },
          })),
        },
        schema: excludedLeadsSchema,
      });
      if (answer.ok) {
        const { lines, suppressed } = answer.data;
        return new Map<number, Bar>([
          ...lines.map((line) => [line, 'excluded'] as const),
          ...suppressed.map((line) => [line, 'suppressed'] as const),
        ]);
      }
      if (answer.status >= 500) return null;
      throw new Error(`the gatekeeper refused to say who is excluded: ${answer.error.code}`);
    },
    count: async (runId, correlationId) => (await ask(runId, correlationId, 'count'))?.count ?? null,
    all: async (runId, correlationId) => {
      const data = await ask(runId, correlationId, 'all');
      return data === null ? null : new Map(data.answers.map(({ line, answer }) => [line, answer]));
    },
  };
};
