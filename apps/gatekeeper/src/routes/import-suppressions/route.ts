import {
  type ImportedEntry,
  importSuppressionsAnswerSchema,
  importSuppressionsRequestSchema,
} from '@caio/contracts';
import { correlationIdOf, jsonBody, parseBody, requirePermission, userOf } from '@caio/service-kit';
import { Router } from 'express';
import type { PreviewSuppressions, SuppressPerson } from '../../use-cases/suppress-person.ts';

const limitBytes = 4 * 1024 * 1024;

/** POST /api/suppressions/import: many people at once, one answer each; with `dryRun` nothing is stored. */
export const importSuppressionsRoute = (deps: {
  suppressPerson: SuppressPerson;
  previewSuppressions: PreviewSuppressions;
}): Router =>
  Router().post(
    '/api/suppressions/import',
    requirePermission('suppressions:write'),
    jsonBody({ limitBytes }),
    async (req, res) => {
      const { people, source, dryRun } = parseBody(req, importSuppressionsRequestSchema);
      const actor = userOf(req).name;
      const correlationId = correlationIdOf(req);
      const entries: ImportedEntry[] = dryRun
        ? await deps.previewSuppressions(people.map(({ person }) => person))
        : [];
      if (!dryRun) {
        for (const [index, { person, reason }] of people.entries()) {
          const answer = await deps.suppressPerson({ person, reason, source, actor, correlationId });
          entries.push(
            answer.outcome === 'unreadable'
              ? { index, outcome: 'unreadable', reason: answer.reason }
              : { index, outcome: answer.added > 0 ? 'added' : 'known' },
          );
        }
      }
      res.json(importSuppressionsAnswerSchema.parse({ dryRun, entries }));
    },
  );
