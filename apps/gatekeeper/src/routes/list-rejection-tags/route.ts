import { rejectionTags, rejectionTagsSchema } from '@caio/contracts';
import { requirePermission } from '@caio/service-kit';
import { Router } from 'express';

/** GET /api/rejection-tags: every tag with its label, in the order a reviewer is offered them. */
export const listRejectionTagsRoute = (): Router =>
  Router().get('/api/rejection-tags', requirePermission('read'), (_req, res) => {
    res.json(rejectionTagsSchema.parse({ tags: rejectionTags }));
  });
