import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Marks a question of ours to the bundler, so that we do not answer it ourselves. */
const ASKED = Symbol('asked');

/**
 * Lets each version of a package into a bundle once. npm nests a copy under every package that wants it when another
 * version has the place at the top, and a bundle of all copies parses and keeps the same tables several times.
 *
 * @returns {import('esbuild').Plugin}
 */
export function singleCopies() {
  return {
    name: 'single-copies',
    setup: (build) => {
      /** Name and version → the first copy's folder. @type {Map<string, string>} */
      const copies = new Map();
      build.onResolve(
        { filter: /^[^./]/ },
        async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
          if (pluginData === ASKED) return undefined;
          const found = await build.resolve(path, {
            kind,
            importer,
            namespace,
            resolveDir,
            pluginData: ASKED,
          });
          // What cannot be found is for the bundler to judge: a package may try for another that is not there.
          if (found.errors.length > 0) return undefined;
          const folder = packageFolder(found.path);
          if (folder === null || found.external) return found;
          const identity = identityOf(folder);
          if (identity === null) return found;
          const first = copies.get(identity) ?? folder;
          copies.set(identity, first);
          return { ...found, path: join(first, relative(folder, found.path)) };
        },
      );
    },
  };
}

/** @param {string} path */
function packageFolder(path) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(path)?.[0] ?? null;
}

/**
 * @param {string} folder
 * @returns {string | null}
 */
function identityOf(folder) {
  try {
    /** @type {unknown} */
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { name, version } = /** @type {{ name?: string, version?: string }} */ (manifest);
    return name && version ? `${name}@${version}` : null;
  } catch {
    return null;
  }
}
