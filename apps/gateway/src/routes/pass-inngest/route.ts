import { inngestSignatureHeader } from '@caio/contracts';
import { type InternalClient, respondError } from '@caio/service-kit';
import type { RateLimits } from '@caio/state-store';
import { type Request, type Response, Router } from 'express';
import { clientAddressOf } from '../../client-address.ts';
import type { DoorSettings, LimitKind } from '../../door-settings.ts';
import type { createProxy } from '../../proxy.ts';
import { plainPathOf } from '../../request-path.ts';
import { askStore } from '../../store-call.ts';
import { createInngestBodies } from './inngest-body.ts';
import { inngestHeadersOf } from './inngest-headers.ts';

const path = '/inngest';
const methods = new Set(['GET', 'POST', 'PUT']);
const bodyWithinMs = 10_000;
const smallBytesMax = 256 * 1024;

const isLarge = ({ method, headers }: Request): boolean =>
  method !== 'GET' && Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) > smallBytesMax;

const isOwnMachine = ({ socket }: Request): boolean =>
  /^(?:(?:::ffff:)?127\.|::1$)/i.test(socket.remoteAddress ?? '');

/**
 * The door for Inngest: GET, PUT and POST /inngest are passed on to the scheduler as they are, which verifies their
 * signature over the very bytes. Counted by address, and no credential of ours is asked for or passed on. A change
 * without a signature is refused here, body unread, except in a local environment from this machine, where an Inngest
 * dev server signs nothing.
 */
export const passInngestRoute = (deps: {
  settings: Pick<DoorSettings, 'isLocal' | 'trustedHops'>;
  limits: RateLimits<LimitKind>;
  proxy: ReturnType<typeof createProxy>;
  /** Waits as long as a function may take. */
  client: InternalClient;
}): Router => {
  const { settings, limits, proxy, client } = deps;
  const readBody = createInngestBodies({ withinMs: bodyWithinMs });

  const isWithinLimit = async (res: Response, kind: LimitKind, address: string): Promise<boolean> => {
    const taken = await askStore(() => limits.take(kind, address));
    if (taken.ok) return true;
    const { takesMax, perSeconds } = taken.limit;
    res.setHeader('Retry-After', Math.max(1, Math.ceil(taken.resetMs / 1_000)));
    respondError(res, 'too_many_requests', {
      message: `More requests of the kind "${kind}" than ${takesMax} in ${perSeconds} seconds came from your address.`,
      details: { kind, limit: takesMax, perSeconds },
    });
    return false;
  };

  const mayBeUnsigned = (req: Request): boolean =>
    req.method === 'GET' || (settings.isLocal && settings.trustedHops === 0 && isOwnMachine(req));

  return Router().all(path, async (req, res, next) => {
    if (plainPathOf(req.originalUrl) !== path) return next();
    if (!methods.has(req.method)) {
      res.setHeader('Allow', [...methods].join(', '));
      return respondError(res, 'method_not_allowed');
    }
    const address = clientAddressOf(req, settings.trustedHops);
    if (!(await isWithinLimit(res, 'inngest', address))) return;
    if (req.headers[inngestSignatureHeader] === undefined && !mayBeUnsigned(req))
      return respondError(res, 'unauthenticated', {
        message: 'Only Inngest calls this address, and it signs its calls.',
        fix: 'To see how Inngest is set up, GET /inngest.',
      });
    if (isLarge(req) && !(await isWithinLimit(res, 'inngest-large', address))) return;
    const headers = inngestHeadersOf(req.headers);
    await proxy(req, res, {
      part: 'scheduler',
      client: { ...client, relay: (call, target) => client.relay({ ...call, headers }, target) },
      user: null,
      readBody: () => readBody(req, address),
      answer: 'data',
    });
  });
};
