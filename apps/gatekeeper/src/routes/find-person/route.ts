import { findPersonRequestSchema, personRecordSchema } from '@caio/contracts';
import { jsonBody, parseBody, requirePermission, respondError } from '@caio/service-kit';
import { Router } from 'express';
import type { FindPerson } from '../../use-cases/find-person.ts';

/** POST /api/people/find: everything stored about one person. A read, with the address in the body and nowhere else. */
export const findPersonRoute = (deps: { findPerson: FindPerson }): Router =>
  Router().post('/api/people/find', requirePermission('read'), jsonBody(), async (req, res) => {
    const { person } = parseBody(req, findPersonRequestSchema);
    const outcome = await deps.findPerson(person);
    if (outcome.outcome === 'unreadable')
      return respondError(res, 'bad_request', {
        message: `This is no person we can recognise: ${outcome.reason}.`,
        fix: 'Give an e-mail address or the address of a personal LinkedIn profile.',
      });
    res.json(personRecordSchema.parse(outcome.record));
  });
