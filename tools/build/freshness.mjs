import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a bundle was made of: repository path → `<modified ms>:<bytes>`. */
/** @typedef {Record<string, string>} InputStamps */

/**
 * @param {string} root
 * @param {readonly string[]} paths
 * @returns {InputStamps}
 */
export function stampInputs(root, paths) {
  return Object.fromEntries([...paths].sort().map((path) => [path, stamp(join(root, path))]));
}

/**
 * Whether the bundle whose inputs were noted in `noteFile` would come out the same today. One `stat` an input and
 * no reading: a file that only now appeared cannot matter, because some noted file would have to import it.
 *
 * @param {string} root
 * @param {string} noteFile
 * @param {string} bundleFile
 * @returns {boolean}
 */
export function isFresh(root, noteFile, bundleFile) {
  if (stamp(bundleFile) === 'missing') return false;
  const noted = readStamps(noteFile);
  return noted !== null && Object.entries(noted).every(([path, then]) => stamp(join(root, path)) === then);
}

/** @param {string} path */
function stamp(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs}:${found.size}` : 'missing';
}

/**
 * @param {string} noteFile
 * @returns {InputStamps | null}
 */
function readStamps(noteFile) {
  try {
    /** @type {unknown} */
    const noted = JSON.parse(readFileSync(noteFile, 'utf8'));
    return typeof noted === 'object' && noted !== null ? /** @type {InputStamps} */ (noted) : null;
  } catch {
    return null;
  }
}
