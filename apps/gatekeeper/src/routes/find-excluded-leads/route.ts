import { excludedLeadsRequestSchema, excludedLeadsSchema } from '@caio/contracts';
import { exclusionKeysOf } from '@caio/outreach-core';
import { jsonBody, parseBody } from '@caio/service-kit';
import type { GateLists } from '@caio/state-store';
import { Router } from 'express';
import { schedulerOnly } from '../../scheduler-only.ts';

/** POST /internal/excluded-leads: the lines of the leads that an exclusion names. For the scheduler only. */
export const findExcludedLeadsRoute = (deps: { lists: Pick<GateLists, 'exclusionsOf'> }): Router =>
  Router().post('/internal/excluded-leads', schedulerOnly, jsonBody(), async (req, res) => {
    const { leads } = parseBody(req, excludedLeadsRequestSchema);
    const asked = leads.flatMap((lead) => exclusionKeysOf(lead).map((key) => ({ line: lead.line, key })));
    const found = await deps.lists.exclusionsOf(asked.map(({ key }) => key));
    const lines = new Set(asked.filter((_, index) => found[index] != null).map(({ line }) => line));
    res.json(excludedLeadsSchema.parse({ lines: [...lines] }));
  });
