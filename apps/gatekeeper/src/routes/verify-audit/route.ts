import { auditVerdictSchema } from '@caio/contracts';
import { requirePermission } from '@caio/service-kit';
import { Router } from 'express';
import type { VerifyAudit } from '../../use-cases/seal-audit.ts';

/** GET /api/audit/verify: the chain recomputed; names the first row that does not hold. */
export const verifyAuditRoute = (deps: { verifyAudit: VerifyAudit }): Router =>
  Router().get('/api/audit/verify', requirePermission('read'), async (_req, res) => {
    res.json(auditVerdictSchema.parse(await deps.verifyAudit()));
  });
