/**
 * Who may import whom, once: the lint configuration turns each row into rules, and the planted violations of
 * `npm run check` prove that they bite. `mayUse` names layers; `instead` finishes the message a wrong import gets.
 *
 * @typedef {object} Layer
 * @property {string} tag
 * @property {readonly string[]} folders
 * @property {readonly string[]} packages
 * @property {readonly string[]} mayUse
 * @property {string} instead
 */

/** @type {Readonly<Record<string, Layer>>} */
export const layers = {
  contracts: {
    tag: 'layer:contracts',
    folders: ['libs/contracts'],
    packages: ['@caio/contracts'],
    mayUse: [],
    instead: 'Describe the shape here with zod; put behaviour into a core or a service.',
  },
  core: {
    tag: 'layer:core',
    folders: ['libs/dispatch-core', 'libs/outreach-core'],
    packages: ['@caio/dispatch-core', '@caio/outreach-core'],
    mayUse: ['contracts'],
    instead:
      'A core decides about values it is given: take the value as a parameter and load it in the caller.',
  },
  infra: {
    tag: 'layer:infra',
    folders: ['libs/state-store', 'libs/auth', 'libs/trace-envelope'],
    packages: ['@caio/state-store', '@caio/auth', '@caio/trace-envelope'],
    mayUse: ['contracts', 'core'],
    instead: 'Declare a small port here and let the service pass its implementation in.',
  },
  kit: {
    tag: 'layer:kit',
    folders: ['libs/service-kit'],
    packages: ['@caio/service-kit'],
    mayUse: ['contracts', 'core', 'infra'],
    instead: 'What only one service needs belongs in that service.',
  },
  test: {
    tag: 'layer:test',
    folders: ['libs/test-kit'],
    packages: ['@caio/test-kit'],
    mayUse: ['contracts'],
    instead:
      'Tests of every layer use this library, so it may not depend on what they test: take it as a parameter.',
  },
  tool: {
    tag: 'layer:tool',
    folders: ['tools'],
    packages: ['@caio/tools'],
    mayUse: ['contracts', 'core', 'infra', 'kit', 'test'],
    instead: 'Talk to a service over HTTP, or move what both need into a library.',
  },
  app: {
    tag: 'layer:app',
    folders: ['apps/gateway', 'apps/gatekeeper', 'apps/scheduler', 'apps/webhooks'],
    packages: ['@caio/gateway', '@caio/gatekeeper', '@caio/scheduler', '@caio/webhooks'],
    mayUse: ['contracts', 'core', 'infra', 'kit'],
    instead:
      'Services talk over HTTP with contract schemas or through a queue; shared code belongs in a library.',
  },
  dashboard: {
    tag: 'layer:dashboard',
    folders: ['apps/dashboard'],
    packages: ['@caio/dashboard'],
    mayUse: ['contracts'],
    instead:
      'The dashboard runs in a browser: ask the gateway through /api and use the schemas of contracts.',
  },
};

/** @param {string} name */
export function sourcesOf(name) {
  return layerOf(name).folders.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`);
}

/** @param {string} name */
export function testsOf(name) {
  return layerOf(name).folders.flatMap((folder) => [
    `${folder}/**/*.test.{ts,tsx}`,
    `${folder}/src/testing/**/*.ts`,
  ]);
}

/**
 * The packages a layer must not import, each with the message that says what to do instead.
 *
 * @param {string} name
 * @param {'source' | 'test'} kind  tests may use the test-kit
 * @returns {{ group: string[], message: string }[]}
 */
export function forbiddenPackages(name, kind) {
  const layer = layerOf(name);
  const allowed = [...layer.mayUse, ...(kind === 'test' || name === 'test' ? ['test'] : [])];
  const names = Object.keys(layers).filter((other) => !allowed.includes(other));
  const mayUse =
    allowed.flatMap((other) => layerOf(other).packages).join(', ') || 'no other package of this repository';
  return names
    .filter((other) => other !== 'test')
    .map((other) => ({
      group: [...layerOf(other).packages],
      message: `${layer.folders.join(' and ')} may import ${mayUse}. ${layer.instead}`,
    }))
    .concat(
      names.includes('test')
        ? [
            {
              group: [...layerOf('test').packages],
              message: 'The test-kit is for tests and the local stack. Use it from a *.test.ts file only.',
            },
          ]
        : [],
    );
}

/** @param {string} name */
function layerOf(name) {
  const layer = layers[name];
  if (!layer) throw new Error(`there is no layer called ${name}`);
  return layer;
}
