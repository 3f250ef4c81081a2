import { importSource } from '../build/import-source.mjs';
import { findServices } from '../build/targets.mjs';
import { readComposeUses } from '../check/deployment/compose-file.mjs';
import { readRailwayFiles } from '../check/deployment/railway-file.mjs';

const PAGES = 'tools/src/reference/main.ts';

/** @type {Map<string, Promise<Record<string, (...args: unknown[]) => unknown>>>} */
const loaded = new Map();

/** The makers of the pages, bundled once however many pages are made. @param {string} root */
function loadPages(root) {
  const known = loaded.get(root);
  if (known) return known;
  const fresh = importSource(root, PAGES).then(
    (source) => /** @type {Record<string, (...args: unknown[]) => unknown>} */ (source),
  );
  loaded.set(root, fresh);
  return fresh;
}

/**
 * @param {string} name
 * @param {string} root
 * @param {unknown[]} args
 * @returns {Promise<unknown>}
 */
async function call(name, root, ...args) {
  const make = (await loadPages(root))[name];
  if (!make) throw new Error(`${PAGES} offers no ${name}`);
  return make(...args);
}

/**
 * Every environment variable of every service, from the schemas the services read them with.
 *
 * @param {string} root
 * @returns {Promise<unknown[]>}
 */
export async function readVariables(root) {
  const kit = 'libs/service-kit/src/config.ts';
  const { baseConfig } = await importSource(root, kit);
  if (typeof baseConfig !== 'function') throw new Error(`${kit} offers no baseConfig`);
  /** @type {unknown[]} */
  const all = [];
  for (const { name } of findServices(root)) {
    const file = `apps/${name}/src/config.ts`;
    const own = (await importSource(root, file))[`${name}Variables`];
    if (!own) throw new Error(`${file} offers no ${name}Variables`);
    /** @type {unknown} */
    const shared = Reflect.apply(baseConfig, null, [name]);
    /** @type {unknown} */
    const particular = Reflect.get(Object(own), 'shape');
    const variables = await call('variablesOf', root, name, shared, particular);
    all.push(.../** @type {unknown[]} */ (variables));
  }
  return all;
}

/**
 * @param {string} file
 * @param {string} name
 * @returns {import('./documents.mjs').GeneratedDocument}
 */
const pageOf = (file, name) => ({
  file,
  generate: async (root) => String(await call(name, root)),
});

/**
 * @param {string} file
 * @param {string} name
 * @param {(root: string) => unknown} [readMore]  what the page is made from beside the variables
 * @returns {import('./documents.mjs').GeneratedDocument}
 */
const pageOfVariables = (file, name, readMore) => ({
  file,
  generate: async (root) => String(await call(name, root, await readVariables(root), readMore?.(root))),
});

/** @type {readonly import('./documents.mjs').GeneratedDocument[]} */
export const referencePages = [
  pageOf('docs/api.md', 'describeApi'),
  pageOf('docs/cli.md', 'describeCommandLine'),
  pageOf('docs/guards.md', 'describeGuards'),
  pageOf('docs/provider-outcomes.md', 'describeProviderOutcomes'),
  pageOf('docs/reason-codes.md', 'describeReasonCodes'),
  pageOfVariables('docs/configuration.md', 'describeConfiguration'),
  pageOfVariables('.env.example', 'describeEnvironmentExample', readComposeUses),
  pageOfVariables('.env.staging.example', 'describeStagingExample', readRailwayFiles),
];
