import { respondError } from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import { type Request, type Response, Router } from 'express';
import { type AuthenticationOptions, isOpenDoor } from '../../authentication.ts';
import { withoutQueryToken } from '../../credentials.ts';
import type { DeskFile, DeskFiles } from '../../desk/desk-files.ts';
import { sendFile } from '../../desk/send-file.ts';
import { nextPathOf } from '../../next-path.ts';
import { messagePage } from '../../pages/message-page.ts';
import { pageRoute } from '../../pages/page-route.ts';
import { sendPage } from '../../pages/page.ts';

/** The pages of the desk for whoever is logged in, and its files for everybody: they hold no data. */
export const showDeskRoute = (
  deps: AuthenticationOptions & {
    logger: Logger;
    desk: DeskFiles | null;
    ownFiles: ReadonlyMap<string, DeskFile>;
  },
): Router => {
  const { sessions, desk, ownFiles } = deps;
  const router = Router();

  const queryOf = (req: Request): string => {
    const target = withoutQueryToken(req.originalUrl);
    const at = target.indexOf('?');
    return at === -1 ? '' : target.slice(at);
  };

  const showDesk = pageRoute(deps, async (req: Request, res: Response) => {
    res.setHeader('Cache-Control', 'no-store');
    if (!isOpenDoor(req, deps) && (await sessions.find(req)) === null)
      return res.redirect(
        302,
        `/login?next=${encodeURIComponent(nextPathOf(withoutQueryToken(req.originalUrl)))}`,
      );
    if (desk !== null) return sendFile(req, res, desk.page);
    sendPage(
      res,
      503,
      messagePage({
        title: 'The desk is not here',
        message:
          'This gateway was built without it. Build it with npm run build, or set DESK_DIR, and restart.',
        link: { href: '/sales', words: 'Try again' },
      }),
    );
  });
  router.get('/sales', showDesk);
  router.get('/sales/{*path}', showDesk);

  router.get('/', (req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    res.redirect(302, `/sales${queryOf(req)}`);
  });
  // The former address of the desk, in any case of letters.
  router.get('/ChiefAIOfficer', (req, res) => {
    res.redirect(307, `/sales${queryOf(req)}`);
  });

  router.get('/static/:name', (req, res) => {
    const file = ownFiles.get(req.params.name) ?? desk?.assets.get(req.params.name);
    if (file === undefined) return respondError(res, 'not_found');
    sendFile(req, res, file);
  });
  return router;
};
