import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleTarget } from './bundle.mjs';

/**
 * Where a planted bug goes. `*` in a file name stands for digits.
 *
 * @typedef {object} Rewrite
 * @property {string} file  from the repository root
 * @property {string} find
 * @property {string} replace
 */

/**
 * @param {string} root
 * @param {string} file
 */
const fileOf = (root, file) => {
  if (!file.includes('*')) return join(root, file);
  const folder = dirname(join(root, file));
  const name = new RegExp(
    `^${file
      .slice(file.lastIndexOf('/') + 1)
      .replaceAll('.', '\\.')
      .replace('*', '\\d+')}$`,
  );
  const found = readdirSync(folder).filter((each) => name.test(each));
  if (found.length !== 1) throw new Error(`${file} names ${found.length} files; name one`);
  return join(folder, found[0] ?? '');
};

/**
 * The source with the bug in it.
 *
 * @param {string} root
 * @param {Rewrite} rewrite
 * @returns {{ path: string, text: string }}
 * @throws when the place is not there exactly once: a plant that misses would be called caught or missed for nothing
 */
export function plantedSource(root, { file, find, replace }) {
  const path = fileOf(root, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2)
    throw new Error(
      `the place of a planted bug is ${parts.length - 1} times in ${file}; correct tools/src/crash/plants.ts: ${find}`,
    );
  return { path, text: parts.join(replace) };
}

/**
 * Bundles the gatekeeper with one planted bug, into a folder of its own.
 *
 * @param {string} root
 * @param {string} name
 * @param {Rewrite} rewrite
 * @returns {Promise<string>} the bundle
 */
export async function bundlePlanted(root, name, rewrite) {
  const { path, text } = plantedSource(root, rewrite);
  const { file } = await bundleTarget({
    root,
    target: { name: `planted/${name}`, entry: 'apps/gatekeeper/src/main.ts' },
    mode: 'always',
    plugins: [
      {
        name: 'plant',
        setup: (build) => {
          build.onLoad({ filter: /\.(?:ts|lua)$/ }, (given) =>
            given.path === path
              ? { contents: text, loader: path.endsWith('.lua') ? 'text' : 'ts' }
              : undefined,
          );
        },
      },
    ],
  });
  return file;
}
