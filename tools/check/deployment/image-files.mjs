import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { copiesOf } from './dockerfile.mjs';
import { createIgnore } from './ignore-file.mjs';

/** @typedef {import('./dockerfile.mjs').Stage} Stage */
/** @typedef {{ files: readonly string[], missing: readonly string[] }} ImageFiles  paths in the image, without the leading / */

/**
 * The files the last stage of an image gets by COPY, found out on this tree and its real build output: what is taken
 * from the build stage's working folder is looked up under the root, less what that stage deletes again.
 *
 * @param {string} root
 * @param {readonly Stage[]} stages
 * @returns {ImageFiles}
 */
export function findImageFiles(root, stages) {
  const last = stages.at(-1);
  if (last === undefined) return { files: [], missing: [] };
  const isIgnored = createIgnore(readFileSync(join(root, '.dockerignore'), 'utf8'));
  const workdir = workdirOf(last);
  /** @type {string[]} */
  const files = [];
  /** @type {string[]} */
  const missing = [];
  for (const { from, sources, target } of copiesOf(last)) {
    const stage = from === null ? null : stages.find(({ name }) => name === from);
    for (const source of sources) {
      if (from !== null && !stage) {
        missing.push(`${source}, since there is no stage ${from}`);
        continue;
      }
      const path = stage ? posix.relative(workdirOf(stage), posix.resolve(workdirOf(stage), source)) : source;
      const removed = new Set(stage ? deletedIn(stage) : []);
      const found = listFiles(root, path).filter((file) => (stage ? !removed.has(file) : !isIgnored(file)));
      if (found.length === 0) missing.push(source);
      const into = posix.resolve(workdir, target);
      const isFolder = existsSync(join(root, path)) && statSync(join(root, path)).isDirectory();
      for (const file of found) {
        const place = isFolder
          ? posix.relative(path, file)
          : target.endsWith('/')
            ? posix.basename(file)
            : '';
        files.push(posix.join(into, place).slice(1));
      }
    }
  }
  return { files, missing };
}

/**
 * Why a file has no business in the image of a service, or null.
 *
 * @param {string} file
 * @param {string} service
 * @returns {string | null}
 */
export function judgeImageFile(file, service) {
  if (/(^|\/)node_modules\//.test(file)) return 'packages are part of the bundle';
  if (/(^|\/)\.env/.test(file)) return 'settings come from the environment';
  if (/\.test\.[a-z]+$|(^|\/)testing\//.test(file)) return 'it is a test';
  if (new RegExp(`^app/dist/${service}/main\\.cjs(\\.map)?$`).test(file)) return null;
  if (
    service === 'gateway' &&
    /^app\/dist\/gateway\/desk\/[^/]+\.(html|js|css|svg|ico|png|woff2|webmanifest)$/.test(file)
  )
    return null;
  if (/^app\/config\/[\w./-]+\.(json|liquid)$/.test(file)) return null;
  return 'it is neither the bundle nor data the service reads';
}

/** @param {Stage} stage */
function workdirOf({ instructions }) {
  return instructions.findLast(({ name }) => name === 'WORKDIR')?.text ?? '/';
}

/** @param {Stage} stage @returns {string[]} */
function deletedIn({ instructions }) {
  return instructions
    .filter(({ name }) => name === 'RUN')
    .flatMap(({ text }) => text.split(/&&|;/))
    .map((command) => command.trim().split(/\s+/))
    .filter(([program]) => program === 'rm')
    .flatMap(([, ...words]) => words.filter((word) => !word.startsWith('-')));
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}  paths from the root; none when there is nothing
 */
function listFiles(root, path) {
  const absolute = join(root, path);
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (!found) return [];
  if (found.isFile()) return [path];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .map((entry) => posix.join(path, entry))
    .filter((file) => statSync(join(root, file)).isFile());
}
