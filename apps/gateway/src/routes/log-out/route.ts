import { secretsMatch } from '@caio/auth';
import { correlationIdOf, HttpProblem } from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import { type Request, type Response, Router } from 'express';
import { clientAddressOf } from '../../client-address.ts';
import type { DoorLog } from '../../door-log.ts';
import type { DoorSettings } from '../../door-settings.ts';
import { formOf } from '../../form-body.ts';
import type { LoginSessions } from '../../login-sessions.ts';
import { pageRoute } from '../../pages/page-route.ts';
import { requestOriginOf } from '../../request-origin.ts';

/** Ends the session. Neither another site's link nor its form can do that to somebody. */
export const logOutRoute = (deps: {
  settings: DoorSettings;
  sessions: LoginSessions;
  logger: Logger;
  doorLog: DoorLog;
}): Router => {
  const { settings, sessions, doorLog } = deps;
  const router = Router();

  const foreign = (): HttpProblem =>
    new HttpProblem('forbidden', {
      message: 'Another site asked to log you out; you are still logged in.',
      fix: 'To log out, use the button in the desk.',
    });

  const end = async (req: Request, res: Response, name: string | null): Promise<void> => {
    await sessions.end(req, res);
    const address = clientAddressOf(req, settings.trustedHops);
    if (name !== null) doorLog.loggedOut({ name, address, correlationId: correlationIdOf(req) });
    res.setHeader('Cache-Control', 'no-store');
    res.redirect(302, '/login');
  };

  router.get(
    '/logout',
    pageRoute(deps, async (req, res) => {
      if (requestOriginOf(req, []) === 'foreign') throw foreign();
      await end(req, res, (await sessions.find(req))?.principal.name ?? null);
    }),
  );

  router.post(
    '/logout',
    pageRoute(deps, async (req, res) => {
      const form = await formOf(req);
      const session = await sessions.find(req);
      if (session === null) return end(req, res, null);
      if (requestOriginOf(req, []) === 'foreign') throw foreign();
      const sent = req.get('x-csrf-token') ?? form.get('csrf') ?? '';
      if (!secretsMatch(sent, session.csrfToken))
        throw new HttpProblem('forbidden', {
          message: 'This form is older than your login; you are still logged in.',
          fix: 'Reload the desk and log out again.',
        });
      await end(req, res, session.principal.name);
    }),
  );
  return router;
};
