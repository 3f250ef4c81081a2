import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {{ name: string, script: string, from: string, to: string }} Plant */

/**
 * Puts a mistake into one script of the store. Throws when its text is not there exactly once: it would plant nothing.
 *
 * @param {Plant} plant
 * @returns {import('esbuild').Plugin}
 */
const planting = ({ name, script, from, to }) => ({
  name: 'plant',
  setup: (build) => {
    build.onLoad({ filter: new RegExp(`/scripts/${script}(-\\d+)?\\.lua$`) }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (text.split(from).length !== 2) {
        throw new Error(
          `"${name}" cannot be planted: its text is not in ${script} exactly once. Plant it anew.`,
        );
      }
      return { contents: text.replace(from, () => to), loader: 'text' };
    });
  },
});

/**
 * Loads a TypeScript source of this tree into plain Node.
 *
 * @param {string} root
 * @param {string} entry  path from the repository root
 * @param {Plant} [plant]  a mistake to put into a script of the store
 * @returns {Promise<Record<string, unknown>>}
 */
export async function importSource(root, entry, plant) {
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    loader: { '.lua': 'text' },
    external: ['msgpackr-extract', 'playwright-core'],
    logLevel: 'warning',
    plugins: plant === undefined ? [] : [planting(plant)],
  });
  const folder = join(root, 'dist', 'imported');
  const file = join(
    folder,
    `${entry.replaceAll('/', '-')}-${process.pid}${plant === undefined ? '' : `-${plant.name.replaceAll(/\W+/g, '-')}`}.cjs`,
  );
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, result.outputFiles[0]?.text ?? '');
    /** @type {unknown} */
    const loaded = await import(pathToFileURL(file).href);
    return /** @type {Record<string, unknown>} */ (loaded);
  } finally {
    rmSync(file, { force: true });
  }
}
