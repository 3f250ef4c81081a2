import { exportAuditQuerySchema, exportedPageSchema } from '@caio/contracts';
import { parseQuery, requirePermission, respondError } from '@caio/service-kit';
import { Router } from 'express';
import type { ExportAudit } from '../../use-cases/export-audit.ts';

/** GET /api/audit/export: the sealed audit as lines that can be verified anywhere, some seals a page. */
export const exportAuditRoute = (deps: { exportAudit: ExportAudit }): Router =>
  Router().get('/api/audit/export', requirePermission('read'), async (req, res) => {
    const { cursor, from, to } = parseQuery(req, exportAuditQuerySchema);
    const page = await deps.exportAudit({
      ...(cursor === undefined ? {} : { cursor }),
      ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
      ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    });
    if (page === null)
      return respondError(res, 'bad_request', {
        message: 'The cursor is not one of an earlier answer.',
        fix: 'Ask without a cursor first.',
      });
    res.json(exportedPageSchema.parse(page));
  });
