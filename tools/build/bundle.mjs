import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isFresh, stampInputs } from './freshness.mjs';

/** @typedef {import('./targets.mjs').BuildTarget} BuildTarget */

/** Files that change every bundle when they change. */
const BUILD_FILES = ['package-lock.json', 'tools/build/bundle.mjs'];

/**
 * Bundles one program into dist/<name>/main.cjs: a single CommonJS file that needs Node and nothing else. Returns
 * `fresh` without touching anything when no source changed since the last time.
 *
 * @param {{ root: string, target: BuildTarget, mode: 'when-stale' | 'always' }} options
 * @returns {Promise<{ outcome: 'fresh' | 'built', file: string }>}
 * @throws the bundler's error when the sources do not bundle
 */
export async function bundleTarget({ root, target, mode }) {
  const folder = join(root, 'dist', target.name);
  const file = join(folder, 'main.cjs');
  const noteFile = join(folder, 'inputs.json');
  if (mode === 'when-stale' && isFresh(root, noteFile, file)) return { outcome: 'fresh', file };

  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [target.entry],
    outfile: file,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    loader: { '.lua': 'text' },
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
    // An optional native speed-up of BullMQ's encoder; a bundle runs where nothing is compiled.
    external: ['msgpackr-extract'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  const sources = Object.keys(result.metafile.inputs).filter((path) => !path.includes('node_modules/'));
  mkdirSync(folder, { recursive: true });
  for (const output of result.outputFiles) replaceFile(join(folder, basename(output.path)), output.contents);
  replaceFile(
    noteFile,
    JSON.stringify(stampInputs(root, [...sources, ...manifestsOf(sources), ...BUILD_FILES])),
  );
  return { outcome: 'built', file };
}

/**
 * The package.json of every project that gave a source: it says what a bundler may leave out.
 *
 * @param {readonly string[]} sources
 */
function manifestsOf(sources) {
  const projects = sources.map((path) => /^(?:apps|libs)\/[^/]+|^tools/.exec(path)?.[0]);
  return [...new Set(projects.filter((project) => project !== undefined))].map(
    (project) => `${project}/package.json`,
  );
}

/**
 * Ends the bundler's helper process, which otherwise stays with its whole memory as long as this program runs.
 * The next build starts it again.
 */
export async function releaseBundler() {
  const { stop } = await import('esbuild');
  await stop();
}

/**
 * Two builds may run at once; neither may ever be seen half written.
 *
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
function replaceFile(path, contents) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
