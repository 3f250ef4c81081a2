import type { Preview } from '@caio/contracts';
import { canonicalJson } from './canonical-json.ts';

/** The bytes whose SHA-256 is the preview hash. The order in which actions were collected does not matter. */
export const previewBytes = (preview: Preview): string =>
  canonicalJson({
    ...preview,
    actions: [...preview.actions].sort((a, b) =>
      a.actionId < b.actionId ? -1 : a.actionId > b.actionId ? 1 : 0,
    ),
  });
