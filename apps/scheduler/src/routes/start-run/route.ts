import { runAnswerSchema, startRunQuerySchema } from '@caio/contracts';
import {
  bodyStream,
  callerOf,
  correlationIdOf,
  HttpProblem,
  parseQuery,
  requirePermission,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import { readColumnOverrides } from '../../column-overrides.ts';
import { type StartRun, uploadBytesMax } from '../../use-cases/start-run.ts';

/** POST /api/pipeline-runs?fileName=…&strict=…&map=field%3DHeader with the file as the body: 202 and a run. */
export const startRunRoute = (deps: { startRun: StartRun }): Router =>
  Router().post('/api/pipeline-runs', requirePermission('runs:write'), async (req, res) => {
    const { fileName, strict, map } = parseQuery(req, startRunQuerySchema);
    const overrides = readColumnOverrides(map === undefined ? [] : [map].flat());
    if (!overrides.ok)
      throw new HttpProblem('bad_request', { message: overrides.message, fix: overrides.fix });
    if (callerOf(req).bodyDigest === null) {
      throw new HttpProblem('bad_request', {
        message: 'The upload is empty.',
        fix: 'Send the bytes of the lead file as the body of the request.',
      });
    }
    const run = await deps.startRun({
      content: bodyStream(req, { limitBytes: uploadBytesMax }),
      fileName,
      strict: strict === 'true',
      overrides: overrides.overrides,
      startedBy: userOf(req).name,
      correlationId: correlationIdOf(req),
    });
    res.status(202).json(runAnswerSchema.parse({ run }));
  });
