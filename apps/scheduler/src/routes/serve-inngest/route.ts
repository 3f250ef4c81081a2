import { inngestSignatureHeader, inngestStateSchema } from '@caio/contracts';
import { HttpProblem } from '@caio/service-kit';
import { type RequestHandler, Router } from 'express';
import type { InngestEndpoint } from '../../inngest-endpoint.ts';

/**
 * GET, PUT and POST /inngest. Anybody may ask whether calls are verified and how many functions there are; everything
 * else is Inngest's, which the SDK recognises by its signature. Without an endpoint 503 `secret_missing`.
 */
export const serveInngestRoute = ({ inngest }: { inngest: InngestEndpoint | null }): Router => {
  if (inngest === null) {
    const refuse: RequestHandler = () => {
      throw new HttpProblem('secret_missing', {
        message: 'Inngest is not set up: there is no key to verify its calls with.',
        fix: 'Set INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY and restart.',
      });
    };
    return Router().get('/inngest', refuse).put('/inngest', refuse).post('/inngest', refuse);
  }
  const { state, handler } = inngest;
  const showState: RequestHandler = (req, res, next) => {
    // A dev server asks without a signature, and for more than that.
    if (state.mode === 'dev' || req.headers[inngestSignatureHeader] !== undefined) return next();
    res.setHeader('Cache-Control', 'no-store');
    res.json(inngestStateSchema.parse(state));
  };
  return Router().get('/inngest', showState, handler).put('/inngest', handler).post('/inngest', handler);
};
