import { createHash } from 'node:crypto';
import type { UnsubscribeTokens } from '@caio/auth';
import { correlationIdSchema, personKeySchema } from '@caio/contracts';
import { correlationIdOf } from '@caio/service-kit';
import type { JobQueue } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { type Response, Router } from 'express';
import { confirmPage, donePage, laterPage, unknownPage } from './page.ts';

const answer = (res: Response, status: number, html: string): void => {
  res
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
    .type('html')
    .send(html);
};

/**
 * GET and POST /u/:token. Only POST acts, because mail scanners follow links: it is what RFC 8058's one-click
 * sends and what the page's button does. The wish is on a durable queue before anybody is told that it is done.
 */
export const unsubscribePersonRoute = (deps: {
  tokens: UnsubscribeTokens;
  signals: Pick<JobQueue<'signals'>, 'add'>;
  logger: Logger;
  now: () => number;
}): Router =>
  Router()
    .get('/u/:token', (req, res) => {
      const known = deps.tokens.verify(req.params.token) !== null;
      answer(res, known ? 200 : 404, known ? confirmPage() : unknownPage());
    })
    .post('/u/:token', async (req, res) => {
      const personKey = personKeySchema.safeParse(deps.tokens.verify(req.params.token));
      if (!personKey.success) return answer(res, 404, unknownPage());
      const deliveryId = `unsubscribe-${createHash('sha256').update(req.params.token).digest('hex')}`;
      try {
        await deps.signals.add({
          id: deliveryId,
          payload: {
            kind: 'unsubscribed',
            personKeys: [personKey.data],
            source: 'unsubscribe-link',
            deliveryId,
            occurredAt: new Date(deps.now()).toISOString(),
            correlationId: correlationIdSchema.parse(correlationIdOf(req)),
          },
        });
      } catch (error) {
        deps.logger.error({ err: error, deliveryId }, 'an unsubscribe could not be stored');
        return answer(res, 503, laterPage());
      }
      answer(res, 200, donePage());
    });
