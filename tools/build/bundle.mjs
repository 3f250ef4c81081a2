import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isFresh, stampInputs } from './freshness.mjs';
import { singleCopies } from './single-copies.mjs';

/** @typedef {import('./targets.mjs').BuildTarget} BuildTarget */

/** Files that change every bundle when they change. */
const BUILD_FILES = ['package-lock.json', 'tools/build/bundle.mjs', 'tools/build/single-copies.mjs'];

/**
 * Bundles one program into dist/<name>/main.cjs: a single CommonJS file that needs Node and nothing else. Returns
 * `fresh` without touching anything when no source changed since the last time.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {BuildTarget} options.target
 * @param {'when-stale' | 'always'} options.mode
 * @param {() => void} [options.onBuild]  called before it builds, which takes a while
 * @param {import('esbuild').Plugin[]} [options.plugins]  asked before our own
 * @returns {Promise<{ outcome: 'fresh' | 'built', file: string }>}
 * @throws the bundler's error when the sources do not bundle
 */
export async function bundleTarget({ root, target, mode, onBuild = () => {}, plugins = [] }) {
  const folder = join(root, 'dist', target.name);
  const file = join(folder, 'main.cjs');
  const noteFile = join(folder, 'inputs.json');
  if (mode === 'when-stale' && isFresh(root, noteFile, file)) return { outcome: 'fresh', file };
  onBuild();

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
    // A process keeps its whole source text in memory. Names stay, and the line of a stack still means something.
    minifyWhitespace: true,
    lineLimit: 160,
    plugins: [...plugins, singleCopies()],
    // An optional native speed-up of BullMQ's encoder; a bundle runs where nothing is compiled.
    external: ['msgpackr-extract'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  const sources = Object.keys(result.metafile.inputs).filter((path) => !path.includes('node_modules/'));
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of result.outputFiles) {
    replaceFile(join(folder, basename(path)), path === file ? escapeBeyondAscii(text) : text);
  }
  replaceFile(
    noteFile,
    JSON.stringify(stampInputs(root, [...sources, ...manifestsOf(sources), ...BUILD_FILES])),
  );
  return { outcome: 'built', file };
}

/**
 * One character beyond Latin-1 makes V8 keep the whole source in two bytes a character. The bundler escapes those in
 * strings and names; what it leaves stands in regular expressions, where an escape means the same. In the text of
 * `String.raw` it would not.
 *
 * @param {string} code
 * @throws when a raw text holds such a character
 */
export function escapeBeyondAscii(code) {
  const raw = /\bString\.raw`[^`]*[\u0080-\uffff]/.exec(code);
  if (raw) throw new Error(`String.raw with a character beyond ASCII cannot be bundled: ${raw[0]}`);
  // A backslash belongs to the character behind it, and two of them to each other.
  return code.replace(/\\[^]|[\u0080-\uffff]/g, (found) => {
    const unit = found.charCodeAt(found.length - 1);
    return unit > 0x7f ? `\\u${unit.toString(16).padStart(4, '0')}` : found;
  });
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
 * @param {string} contents
 */
function replaceFile(path, contents) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
