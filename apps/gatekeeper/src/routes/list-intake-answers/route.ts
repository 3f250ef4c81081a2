import { intakeAnswersQuerySchema, intakeAnswersSchema, runParamsSchema } from '@caio/contracts';
import { parseParams, parseQuery } from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { Router } from 'express';
import { schedulerOnly } from '../../scheduler-only.ts';

/** GET /internal/runs/:runId/intake-answers: what the gate said to each row of a run. For the scheduler only. */
export const listIntakeAnswersRoute = (deps: { drafts: DraftStore }): Router =>
  Router().get('/internal/runs/:runId/intake-answers', schedulerOnly, async (req, res) => {
    const { runId } = parseParams(req, runParamsSchema);
    const { view } = parseQuery(req, intakeAnswersQuerySchema);
    const answers = view === 'count' ? [] : [...(await deps.drafts.answersOfRun(runId))];
    res.json(
      intakeAnswersSchema.parse({
        count: view === 'count' ? await deps.drafts.answerCountOfRun(runId) : answers.length,
        answers: answers.map(([line, answer]) => ({ line: Number(line), answer })),
      }),
    );
  });
