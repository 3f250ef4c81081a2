import { errorCatalogue } from '@caio/contracts';
import { correlationIdOf, problemOf } from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import type { Request, RequestHandler, Response } from 'express';
import { messagePage } from './message-page.ts';
import { sendPage } from './page.ts';

/** A route for people: whatever goes wrong is a page that says it in words, with the way back. */
export const pageRoute =
  (deps: { logger: Logger }, show: (req: Request, res: Response) => Promise<void> | void): RequestHandler =>
  async (req, res) => {
    try {
      await show(req, res);
    } catch (error) {
      if (res.headersSent) throw error;
      const { code, detail } = problemOf(error);
      const correlationId = correlationIdOf(req);
      if (code === 'internal') deps.logger.error({ err: error, correlationId }, 'A page failed.');
      const { status, message, fix } = errorCatalogue[code];
      if (status === 503) res.setHeader('Retry-After', '2');
      const sentences = `${detail.message ?? message} ${detail.fix ?? fix} (${correlationId})`;
      sendPage(
        res,
        status,
        messagePage({
          title: status === 503 ? 'Not working right now' : 'That did not work',
          message: sentences,
          link: { href: '/sales', words: 'Try again' },
        }),
      );
    }
  };
