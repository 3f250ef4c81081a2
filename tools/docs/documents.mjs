import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';
import { errorReference } from './error-reference.mjs';
import { referencePages } from './reference-pages.mjs';

/**
 * @typedef {object} GeneratedDocument
 * @property {string} file  path from the repository root
 * @property {(root: string) => Promise<string>} generate
 */

/** @type {readonly GeneratedDocument[]} */
const documents = [errorReference, ...referencePages];

/**
 * Compares every generated page with its source; `write` also brings it up to date.
 *
 * @param {{ root: string, mode: 'compare' | 'write' }} options
 * @returns {Promise<string[]>} the pages that were out of date
 */
export async function updateDocuments({ root, mode }) {
  const outdated = [];
  for (const { file, generate } of documents) {
    const path = join(root, file);
    const wanted = await formatLike(path, await generate(root));
    if (readIfThere(path) === wanted) continue;
    outdated.push(file);
    if (mode === 'write') {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, wanted);
    }
  }
  return outdated;
}

/**
 * As `npm run format` would leave it; a kind of file it does not know stays as it was made.
 *
 * @param {string} path
 * @param {string} text
 */
async function formatLike(path, text) {
  const { inferredParser } = await getFileInfo(path);
  return inferredParser ? format(text, { ...(await resolveConfig(path)), filepath: path }) : text;
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
