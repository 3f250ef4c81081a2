import { auditRetirementSchema, retireAuditRequestSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import type { RetireAudit } from '../../use-cases/retire-audit.ts';

/** POST /api/audit/retire: takes old sealed rows out and leaves a signed checkpoint; a dry run only counts them. */
export const retireAuditRoute = (deps: { retireAudit: RetireAudit }): Router =>
  Router().post('/api/audit/retire', requirePermission('audit:retire'), jsonBody(), async (req, res) => {
    const { before, dryRun } = parseBody(req, retireAuditRequestSchema);
    const outcome = await deps.retireAudit({
      ...{ beforeMs: Date.parse(before), dryRun },
      ...{ actor: userOf(req).name, correlationId: correlationIdOf(req) },
    });
    switch (outcome.outcome) {
      case 'retired':
      case 'counted':
        res.json(auditRetirementSchema.parse(outcome.retirement));
        return;
      case 'audit_broken':
        return respondError(res, 'state_conflict', {
          message: `The audit does not hold at row ${outcome.rowId}; nothing was taken out.`,
          fix: 'Run audit verify and find out what happened first.',
        });
      case 'retired_meanwhile':
        return respondError(res, 'state_conflict', {
          message: 'Another retirement came before; nothing was taken out by this one.',
          fix: 'Ask again.',
        });
    }
  });
