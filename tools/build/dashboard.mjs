import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isFresh, stampInputs } from './freshness.mjs';

/** The most a browser may have to load before the desk can be used, compressed. */
export const FIRST_LOAD_BYTES_MAX = 150 * 1024;
const SOURCE = 'apps/dashboard/src';
const PAGE = `${SOURCE}/index.html`;

/** Files that change the page when they change, beside its sources. */
const BUILD_FILES = ['package-lock.json', 'apps/dashboard/package.json', 'tools/build/dashboard.mjs', PAGE];

/**
 * The desk speaks English, so the other fifty languages of zod stay out.
 *
 * @type {import('esbuild').Plugin}
 */
const englishOnly = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/**
 * @typedef {object} BuiltDashboard
 * @property {'fresh' | 'built'} outcome
 * @property {string} folder
 * @property {number} firstLoadBytes  gzip size of page, script and style; 0 when nothing was built
 */

/**
 * Bundles the desk into dist/gateway/desk/: index.html, and a script and a style whose names carry a digest of their
 * content, so that browsers may keep them for ever.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {'when-stale' | 'always'} options.mode
 * @param {string} [options.folder]  where to put it, by default beside the gateway's bundle
 * @param {number} [options.firstLoadBytesMax]
 * @param {() => void} [options.onBuild]  called before it builds
 * @returns {Promise<BuiltDashboard>}
 * @throws the bundler's error when the sources do not bundle, and an Error when the first load is too large
 */
export async function buildDashboard({
  root,
  mode,
  folder = join(root, 'dist', 'gateway', 'desk'),
  firstLoadBytesMax = FIRST_LOAD_BYTES_MAX,
  onBuild = () => {},
}) {
  const page = join(folder, 'index.html');
  const noteFile = join(folder, 'inputs.json');
  if (mode === 'when-stale' && isFresh(root, noteFile, page)) {
    return { outcome: 'fresh', folder, firstLoadBytes: 0 };
  }
  onBuild();

  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: { app: `${SOURCE}/main.tsx` },
    outdir: folder,
    entryNames: '[name]-[hash]',
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [englishOnly],
  });
  const files = result.outputFiles.map(({ path, contents }) => ({
    name: path.slice(folder.length + 1),
    contents: Buffer.from(contents),
  }));
  const html = Buffer.from(pageWith(readFileSync(join(root, PAGE), 'utf8'), files));
  const firstLoadBytes = [html, ...files.map(({ contents }) => contents)]
    .map((contents) => gzipSync(contents, { level: 9 }).byteLength)
    .reduce((sum, bytes) => sum + bytes, 0);
  if (firstLoadBytes > firstLoadBytesMax) {
    throw new Error(
      `The first load of the desk is ${kilobytes(firstLoadBytes)} compressed; ${kilobytes(firstLoadBytesMax)} is the most. See what grew with esbuild --analyze.`,
    );
  }

  mkdirSync(folder, { recursive: true });
  for (const { name, contents } of files) replaceFile(join(folder, name), contents);
  replaceFile(page, html);
  removeOthers(folder, new Set(files.map(({ name }) => name)));
  const sources = Object.keys(result.metafile.inputs).filter((path) => !path.includes('node_modules/'));
  replaceFile(noteFile, JSON.stringify(stampInputs(root, [...new Set([...sources, ...BUILD_FILES])])));
  return { outcome: 'built', folder, firstLoadBytes };
}

/** @param {number} bytes */
export const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/**
 * The page with the names that the script and the style got.
 *
 * @param {string} html
 * @param {readonly { name: string }[]} files
 */
function pageWith(html, files) {
  return ['js', 'css'].reduce((text, kind) => {
    const file = files.find(({ name }) => name.endsWith(`.${kind}`));
    const placeholder = `/static/app.${kind}`;
    if (!file || !text.includes(placeholder)) throw new Error(`${PAGE} has no place for its .${kind} file.`);
    return text.replace(placeholder, `/static/${file.name}`);
  }, html);
}

/**
 * Takes the scripts and styles of earlier builds away. What another build is just writing has another ending.
 *
 * @param {string} folder
 * @param {ReadonlySet<string>} kept
 */
function removeOthers(folder, kept) {
  for (const name of readdirSync(folder)) {
    if (/^app-.*\.(js|css)$/.test(name) && !kept.has(name)) rmSync(join(folder, name), { force: true });
  }
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
