import {
  runPageQuerySchema,
  rowsQuerySchema,
  runAnswerSchema,
  runListSchema,
  runParamsSchema,
  runRowsSchema,
} from '@caio/contracts';
import { HttpProblem, parseParams, parseQuery, requirePermission } from '@caio/service-kit';
import type { RunStore } from '@caio/state-store';
import { type Request, Router } from 'express';

/** GET /api/pipeline-runs, /api/pipeline-runs/:runId and …/rows: progress, and what became of every row. */
export const showRunRoute = (deps: { runs: RunStore }): Router => {
  const runOf = async (req: Request) => {
    const { runId } = parseParams(req, runParamsSchema);
    const run = await deps.runs.read(runId);
    if (run === null)
      throw new HttpProblem('not_found', { message: 'There is no pipeline run with this id.' });
    return run;
  };
  return Router()
    .get('/api/pipeline-runs', requirePermission('read'), async (req, res) => {
      const { cursor, limit } = parseQuery(req, runPageQuerySchema);
      const page = await deps.runs.page(cursor ?? null, limit);
      if (page === null)
        throw new HttpProblem('bad_request', {
          message: 'The cursor names no pipeline run that is kept.',
          fix: 'Ask without a cursor first.',
        });
      res.json(runListSchema.parse(page));
    })
    .get('/api/pipeline-runs/:runId', requirePermission('read'), async (req, res) => {
      res.json(runAnswerSchema.parse({ run: await runOf(req) }));
    })
    .get('/api/pipeline-runs/:runId/rows', requirePermission('read'), async (req, res) => {
      const run = await runOf(req);
      const { after, limit } = parseQuery(req, rowsQuerySchema);
      const lines = Array.from({ length: limit }, (_, index) => after + index + 1);
      const rows = (await deps.runs.readRows(run.runId, lines)).filter((row) => row !== null);
      // A page is a stretch of lines: rows of empty cells have none, so it may hold fewer rows, or not one.
      const last = after + limit;
      res.json(runRowsSchema.parse({ rows, nextAfter: last < run.lastLine ? last : null }));
    });
};
