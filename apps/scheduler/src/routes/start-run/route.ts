import { runAnswerSchema, startRunQuerySchema } from '@caio/contracts';
import {
  bodyStream,
  correlationIdOf,
  HttpProblem,
  parseQuery,
  requirePermission,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import { readColumnOverrides } from '../../column-overrides.ts';
import type { StartRun } from '../../use-cases/start-run.ts';

const limitBytes = 64 * 1024 * 1024;

/** POST /api/pipeline-runs?fileName=…&strict=…&map=field%3DHeader with the file as the body: 202 and a run. */
export const startRunRoute = (deps: { startRun: StartRun }): Router =>
  Router().post('/api/pipeline-runs', requirePermission('runs:write'), async (req, res) => {
    const { fileName, strict, map } = parseQuery(req, startRunQuerySchema);
    const overrides = readColumnOverrides(map === undefined ? [] : [map].flat());
    if (!overrides.ok) {
      throw new HttpProblem('bad_request', {
        message: 'A column mapping must look like field=Header, e.g. email=Work Mail.',
      });
    }
    const run = await deps.startRun({
      content: bodyStream(req, { limitBytes }),
      fileName,
      strict: strict === 'true',
      overrides: overrides.overrides,
      startedBy: userOf(req).name,
      correlationId: correlationIdOf(req),
    });
    res.status(202).json(runAnswerSchema.parse({ run }));
  });
