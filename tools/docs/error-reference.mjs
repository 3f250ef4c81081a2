import { importSource } from '../build/import-source.mjs';

/** @typedef {{ status: number, retryable: boolean, message: string, fix: string }} CataloguedError */

/** @type {import('./documents.mjs').GeneratedDocument} */
export const errorReference = {
  file: 'docs/errors.md',
  async generate(root) {
    const source = 'libs/contracts/src/errors.ts';
    const { errorCatalogue } = await importSource(root, source);
    return describeErrors(/** @type {Record<string, CataloguedError>} */ (errorCatalogue), source);
  },
};

/**
 * @param {Readonly<Record<string, CataloguedError>>} catalogue
 * @param {string} source
 * @returns {string} markdown
 */
function describeErrors(catalogue, source) {
  const rows = Object.entries(catalogue)
    .sort(([codeA, a], [codeB, b]) => a.status - b.status || codeA.localeCompare(codeB))
    .map(([code, { status, retryable, message, fix }]) =>
      row([`\`${code}\``, String(status), retryable ? 'yes' : 'no', message, fix]),
    );
  return [
    '# Errors',
    '',
    `<!-- Made from ${source} by \`npm run docs\`. Change it there. -->`,
    '',
    'Every refusal has one shape, whichever service it comes from:',
    '',
    '```json',
    '{ "error": { "code": "halted", "message": "…", "fix": "…", "correlationId": "…" } }',
    '```',
    '',
    'Programs decide by `code`, people read `message` and `fix`, and whoever runs the system finds the call by `correlationId`. "Again" says whether the same request may succeed later without being changed.',
    '',
    row(['Code', 'Status', 'Again', 'What happened', 'What to do']),
    row(['---', '---', '---', '---', '---']),
    ...rows,
    '',
  ].join('\n');
}

/** @param {readonly string[]} cells */
function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
