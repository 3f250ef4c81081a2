import { readFileSync } from 'node:fs';
import { frozenBatchSchema, type Motion, type ScopedDraft } from '@caio/contracts';
import { ApiError } from '../api/api-client.ts';

const unreadable = (file: string, why: string): ApiError =>
  new ApiError(0, {
    code: 'file_unreadable',
    message: `Nothing was frozen: ${file} ${why}.`,
    fix: 'Make it with: caio batches freeze --dry-run --json > FILE',
  });

/** What a dry run showed, from the JSON it printed. Throws when the file is missing or is something else. */
export const readShownScope = (file: string): { motion: Motion; drafts: readonly ScopedDraft[] } => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw unreadable(file, 'cannot be read');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(file, 'holds no JSON');
  }
  const shown = frozenBatchSchema.required({ included: true }).safeParse(value);
  if (!shown.success) throw unreadable(file, 'is not what a dry run prints');
  return { motion: shown.data.preview.motion, drafts: shown.data.included };
};
