import {
  appliedListImportSchema,
  applyExclusionsImportSchema,
  applySuppressionsImportSchema,
  listDiffSchema,
  previewExclusionsImportSchema,
  previewSuppressionsImportSchema,
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
import type { ApplyListOutcome, ImportList, PreviewListOutcome } from '../../use-cases/import-list.ts';

const limitBytes = 4 * 1024 * 1024;

const unreadableFile = (
  res: Response,
  { problem }: Extract<PreviewListOutcome, { outcome: 'unreadable' }>,
): void =>
  respondError(res, 'bad_request', {
    message: problem.message,
    fix: problem.fix,
    details: { reason: problem.code },
  });

const answerPreview = (res: Response, outcome: PreviewListOutcome): void => {
  if (outcome.outcome === 'unreadable') return unreadableFile(res, outcome);
  res.json(listDiffSchema.parse(outcome.diff));
};

const answerApply = (res: Response, outcome: ApplyListOutcome): void => {
  switch (outcome.outcome) {
    case 'unreadable':
      return unreadableFile(res, outcome);
    case 'rows_unreadable':
      return respondError(res, 'bad_request', {
        message: `The list is not replaced while ${outcome.count} rows of the file cannot be read: whom they mean would be taken off it.`,
        fix: 'Correct those rows, or add the file instead of replacing the list.',
        details: { reason: 'rows_unreadable' },
      });
    case 'changed':
      return respondError(res, 'list_changed', { details: { diff: listDiffSchema.parse(outcome.diff) } });
    case 'applied':
      res.json(appliedListImportSchema.parse(outcome.applied));
  }
};

/** Lists from a file in two steps: a preview stores nothing; an import stores the difference whose digest it names. */
export const importBarredListRoute = ({ importList }: { importList: ImportList }): Router =>
  Router()
    .post(
      '/api/exclusions/imports/preview',
      requirePermission('read'),
      jsonBody({ limitBytes }),
      async (req, res) => {
        const { cursor, limit, ...file } = parseBody(req, previewExclusionsImportSchema);
        const asked = { ...file, list: 'exclusions', actor: userOf(req).name } as const;
        answerPreview(res, await importList.preview(asked, { cursor, limit }));
      },
    )
    .post(
      '/api/exclusions/imports',
      requirePermission('exclusions:write'),
      jsonBody({ limitBytes }),
      async (req, res) => {
        const file = parseBody(req, applyExclusionsImportSchema);
        const by = { actor: userOf(req).name, correlationId: correlationIdOf(req) };
        answerApply(res, await importList.apply({ ...file, ...by, list: 'exclusions' }));
      },
    )
    .post(
      '/api/suppressions/imports/preview',
      requirePermission('read'),
      jsonBody({ limitBytes }),
      async (req, res) => {
        const { cursor, limit, ...file } = parseBody(req, previewSuppressionsImportSchema);
        const asked = { ...file, list: 'suppressions', choice: 'add', actor: userOf(req).name } as const;
        answerPreview(res, await importList.preview(asked, { cursor, limit }));
      },
    )
    .post(
      '/api/suppressions/imports',
      requirePermission('suppressions:write'),
      jsonBody({ limitBytes }),
      async (req, res) => {
        const file = parseBody(req, applySuppressionsImportSchema);
        const by = { actor: userOf(req).name, correlationId: correlationIdOf(req) };
        answerApply(res, await importList.apply({ ...file, ...by, list: 'suppressions', choice: 'add' }));
      },
    );
