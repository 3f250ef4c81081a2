import * as contracts from '@caio/contracts';
import { Router } from 'express';
import { apiPage } from '../../pages/api-page.ts';
import { sendPage } from '../../pages/page.ts';

/** The API for whoever develops against it. Mounted in local environments alone; elsewhere the paths do not exist. */
export const showApiDescriptionRoute = (deps: { version: string }): Router => {
  const router = Router();
  router.get('/openapi.json', (_req, res) => {
    const { describeOpenApi, routes } = contracts;
    res.setHeader('Cache-Control', 'no-store');
    res.json(describeOpenApi({ routes, schemas: contracts, version: deps.version }));
  });
  router.get('/docs', (_req, res) => {
    sendPage(res, 200, apiPage(contracts.routes));
  });
  return router;
};
