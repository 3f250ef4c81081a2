import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorReference } from './error-reference.mjs';

/**
 * @typedef {object} GeneratedDocument
 * @property {string} file  path from the repository root
 * @property {(root: string) => Promise<string>} generate
 */

/** @type {readonly GeneratedDocument[]} */
const documents = [errorReference];

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
    const wanted = await format(await generate(root), { ...(await resolveConfig(path)), filepath: path });
    if (readIfThere(path) === wanted) continue;
    outdated.push(file);
    if (mode === 'write') {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, wanted);
    }
  }
  return outdated;
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
