import { excludedLeadsRequestSchema, excludedLeadsSchema } from '@caio/contracts';
import { jsonBody, parseBody } from '@caio/service-kit';
import { Router } from 'express';
import { schedulerOnly } from '../../scheduler-only.ts';
import type { ReadBars } from '../../use-cases/read-bars.ts';

/** POST /internal/excluded-leads: the lines of the leads whom nobody may write to. For the scheduler only. */
export const findExcludedLeadsRoute = (deps: { readBars: ReadBars }): Router =>
  Router().post('/internal/excluded-leads', schedulerOnly, jsonBody(), async (req, res) => {
    const { leads } = parseBody(req, excludedLeadsRequestSchema);
    const bars = await deps.readBars(leads);
    const linesOf = (wanted: (typeof bars)[number]): number[] =>
      leads.filter((_, index) => bars[index] === wanted).map(({ line }) => line);
    res.json(excludedLeadsSchema.parse({ lines: linesOf('excluded'), suppressed: linesOf('suppressed') }));
  });
