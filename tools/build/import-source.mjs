import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Loads a TypeScript source of this tree into plain Node.
 *
 * @param {string} root
 * @param {string} entry  path from the repository root
 * @returns {Promise<Record<string, unknown>>}
 */
export async function importSource(root, entry) {
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
  });
  const folder = join(root, 'dist', 'imported');
  const file = join(folder, `${entry.replaceAll('/', '-')}-${process.pid}.cjs`);
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
