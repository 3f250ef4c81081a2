import { whatIfRequestSchema, whatIfSchema } from '@caio/contracts';
import { jsonBody, parseBody, requirePermission, respondError } from '@caio/service-kit';
import { Router } from 'express';
import type { ShowWhatIf } from '../../use-cases/show-what-if.ts';

/** POST /api/what-if. A read, with addresses in the body and nowhere else. */
export const showWhatIfRoute = ({ showWhatIf }: { showWhatIf: ShowWhatIf }): Router =>
  Router().post('/api/what-if', requirePermission('read'), jsonBody(), async (req, res) => {
    const { exclude, suppress, cursor, limit } = parseBody(req, whatIfRequestSchema);
    const outcome = await showWhatIf.ofTyped({ exclude, suppress }, { cursor, limit });
    if (outcome.outcome === 'unreadable')
      return respondError(res, 'bad_request', {
        message: `${outcome.place} cannot be read: ${outcome.reason}.`,
        fix: 'Give a domain, an e-mail address or the address of a personal LinkedIn profile.',
      });
    res.json(whatIfSchema.parse(outcome.whatIf));
  });
