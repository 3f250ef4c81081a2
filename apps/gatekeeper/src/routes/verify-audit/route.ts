import { auditCheckSchema, verifyAuditQuerySchema } from '@caio/contracts';
import { parseQuery, requirePermission, respondError } from '@caio/service-kit';
import { Router } from 'express';
import type { VerifyAudit } from '../../use-cases/verify-audit.ts';

/** GET /api/audit/verify: the chain recomputed, some thousand rows an answer; names the first row that does not hold. */
export const verifyAuditRoute = (deps: { verifyAudit: VerifyAudit }): Router =>
  Router().get('/api/audit/verify', requirePermission('read'), async (req, res) => {
    const { cursor, head } = parseQuery(req, verifyAuditQuerySchema);
    const check = await deps.verifyAudit({
      ...(cursor === undefined ? {} : { cursor }),
      ...(head === undefined ? {} : { head }),
    });
    if (check === null)
      return respondError(res, 'bad_request', {
        message: 'The cursor is not one of an earlier answer.',
        fix: 'Ask without a cursor first.',
      });
    res.json(auditCheckSchema.parse(check));
  });
