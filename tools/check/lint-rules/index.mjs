import { builtinRules } from 'eslint/use-at-your-own-risk';
import { fileName } from './file-name.mjs';
import { relativeImport } from './relative-import.mjs';
import { testRisk } from './test-risk.mjs';

const maxLines = builtinRules.get('max-lines');
if (!maxLines) throw new Error('ESLint no longer has max-lines');

/** Rules of this house that no plugin has. `long-file` is max-lines again, so that it can warn before it fails. */
export const houseRules = {
  rules: {
    'file-name': fileName,
    'relative-import': relativeImport,
    'test-risk': testRisk,
    'long-file': maxLines,
  },
};
