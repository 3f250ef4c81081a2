import {
  erasedSubjectSchema,
  eraseSubjectRequestSchema,
  exportSubjectRequestSchema,
  subjectExportSchema,
} from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { type Response, Router } from 'express';
import { namedPersonOnly } from '../../named-person.ts';
import type { ErasePerson } from '../../use-cases/erase-person.ts';

const unreadable = (res: Response, reason: string): void =>
  respondError(res, 'bad_request', {
    message: `This is no person we can recognise: ${reason}.`,
    fix: 'Give an e-mail address or the address of a personal LinkedIn profile.',
  });

/**
 * POST /api/subjects/export: everything stored of a person. POST /api/subjects/erase: shows what would be erased, or
 * erases it. Both take a person by name who may erase.
 */
export const erasePersonRoute = ({ subjects }: { subjects: ErasePerson }): Router =>
  Router()
    .post(
      '/api/subjects/export',
      requirePermission('subjects:erase'),
      namedPersonOnly,
      jsonBody(),
      async (req, res) => {
        const outcome = await subjects.exportPerson(parseBody(req, exportSubjectRequestSchema).person);
        if (outcome.outcome === 'unreadable') return unreadable(res, outcome.reason);
        res.json(subjectExportSchema.parse(outcome.exported));
      },
    )
    .post(
      '/api/subjects/erase',
      requirePermission('subjects:erase'),
      namedPersonOnly,
      jsonBody(),
      async (req, res) => {
        const request = parseBody(req, eraseSubjectRequestSchema);
        const by = { actor: userOf(req).name, correlationId: correlationIdOf(req) };
        const outcome = await subjects.erase({ ...request, ...by });
        if (outcome.outcome === 'unreadable') return unreadable(res, outcome.reason);
        if (outcome.outcome === 'on_its_way')
          return respondError(res, 'state_conflict', {
            message: `The message ${outcome.actionId} to this person may still go out: it is ${outcome.status}. Nothing was erased.`,
            fix: 'Recall or take it back, or settle what became of it, then ask again.',
            details: { actionId: outcome.actionId, status: outcome.status },
          });
        res.json(erasedSubjectSchema.parse(outcome.erased));
      },
    );
