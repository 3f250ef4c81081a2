import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** @typedef {Record<string, unknown>} Manifest */

/**
 * What is wrong with package-lock.json, a line each: a manifest it does not match, an address of a registry, or a
 * package for another platform that it lacks, because it was written where that one could not be had. Any of them
 * lets `npm ci` fail somewhere else.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function findLockProblems(root) {
  const packages = readPackages(join(root, 'package-lock.json'));
  /** @type {string[]} */
  const problems = [];
  for (const [path, locked] of Object.entries(packages)) {
    if (!path.includes('node_modules/') && locked.link !== true)
      problems.push(...compareManifest(root, path, locked));
    if (typeof locked.resolved === 'string' && /^https?:/.test(locked.resolved)) {
      problems.push(`${path}: the lock file names a registry; write it with the .npmrc of this repository`);
    }
    for (const name of Object.keys(recordOf(locked.optionalDependencies))) {
      if (!findLocked(packages, path, name)) {
        problems.push(
          `${path || 'the root'}: ${name} is missing from the lock file, so npm ci fails elsewhere`,
        );
      }
    }
  }
  return problems;
}

/**
 * @param {string} root
 * @param {string} path
 * @param {Manifest} locked
 * @returns {string[]}
 */
function compareManifest(root, path, locked) {
  const file = join(root, path, 'package.json');
  if (!existsSync(file)) return [`${path}: in the lock file, but not in the tree; type npm install`];
  const manifest = recordOf(JSON.parse(readFileSync(file, 'utf8')));
  return DEPENDENCY_FIELDS.filter((field) => flatten(manifest[field]) !== flatten(locked[field])).map(
    (field) => `${path || 'the root'}: ${field} differ from the lock file; type npm install`,
  );
}

/**
 * Node's lookup: the nearest node_modules wins.
 *
 * @param {Readonly<Record<string, Manifest>>} packages
 * @param {string} from
 * @param {string} name
 */
function findLocked(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, Manifest>}
 */
function readPackages(file) {
  const { packages } = recordOf(JSON.parse(readFileSync(file, 'utf8')));
  return /** @type {Record<string, Manifest>} */ (recordOf(packages));
}

/** @param {unknown} value */
function flatten(value) {
  return JSON.stringify(Object.entries(recordOf(value)).sort(([a], [b]) => a.localeCompare(b)));
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function recordOf(value) {
  return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};
}
