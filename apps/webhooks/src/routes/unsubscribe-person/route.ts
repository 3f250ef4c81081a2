import { createHash } from 'node:crypto';
import type { UnsubscribeTokens } from '@caio/auth';
import { correlationIdSchema, type PersonKey, personKeySchema } from '@caio/contracts';
import { correlationIdOf, readBytes } from '@caio/service-kit';
import type { JobQueue, OptOuts } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { type Response, Router } from 'express';
import { confirmPage, donePage, laterPage, pagePolicy, unknownPage } from './page.ts';

/** One-click posts a line of text, the page's button nothing; what is longer is something else. */
const bodyBytesMax = 16 * 1024;

const answer = (res: Response, status: number, html: string): void => {
  res
    .status(status)
    .set({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': pagePolicy,
    })
    .type('html')
    .send(html);
};

/** Rejects when `work` takes longer. It may still come to its end: a wish stored late is a wish stored. */
const within = async (work: Promise<void>, patienceMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the store did not answer in ${patienceMs} ms`)), patienceMs);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The same link on the same day is the same delivery. On another day it is a new one, so that a click is never
 * swallowed by an old job that could not be carried out.
 */
const deliveryIdOf = (token: string, occurredAt: string): string =>
  `unsubscribe-${createHash('sha256').update(token).digest('hex')}-${occurredAt.slice(0, 10)}`;

/**
 * GET and POST /u/:token. Only POST acts, because mail scanners follow links: it is what RFC 8058's one-click
 * sends and what the page's button does. The wish is on a durable queue before anybody is told that it is done;
 * 503 with a page that says it is not when that takes longer than `patienceMs`.
 */
export const unsubscribePersonRoute = (deps: {
  tokens: UnsubscribeTokens;
  signals: Pick<JobQueue<'signals'>, 'add'>;
  optOuts: Pick<OptOuts, 'record'>;
  logger: Logger;
  now: () => number;
  patienceMs: number;
}): Router => {
  const store = async (token: string, personKey: PersonKey, correlationId: string): Promise<void> => {
    const occurredAt = new Date(deps.now()).toISOString();
    const deliveryId = deliveryIdOf(token, occurredAt);
    // First where the last check before every send looks, then on the queue that makes it a suppression.
    const recorded = deps.optOuts.record([personKey], deliveryId);
    await within(recorded, deps.patienceMs);
    const stored = deps.signals.add({
      id: deliveryId,
      payload: {
        kind: 'unsubscribed',
        personKeys: [personKey],
        source: 'unsubscribe-link',
        deliveryId,
        occurredAt,
        correlationId: correlationIdSchema.parse(correlationId),
      },
    });
    await within(stored, deps.patienceMs);
  };
  return Router()
    .get('/u/:token', (req, res) => {
      const known = deps.tokens.verify(req.params.token) !== null;
      answer(res, known ? 200 : 404, known ? confirmPage() : unknownPage());
    })
    .post('/u/:token', async (req, res) => {
      const { token } = req.params;
      await readBytes(req, bodyBytesMax);
      const personKey = personKeySchema.safeParse(deps.tokens.verify(token));
      if (!personKey.success) return answer(res, 404, unknownPage());
      try {
        await store(token, personKey.data, correlationIdOf(req));
      } catch (error) {
        deps.logger.error(
          { err: error, correlationId: correlationIdOf(req) },
          'an unsubscribe could not be stored',
        );
        res.setHeader('Retry-After', '60');
        return answer(res, 503, laterPage());
      }
      answer(res, 200, donePage());
    });
};
