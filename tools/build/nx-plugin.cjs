/**
 * Gives each project with an entry file a `build` target that makes its bundle. Inferred rather than written into
 * every package.json, so a new service cannot forget it.
 */
const { dirname, basename } = require('node:path');

/** @type {Record<string, string>} */
const PROGRAMS = {
  'tools/src/caio/main.ts': 'caio',
  'libs/test-kit/src/provider-simulator/main.ts': 'provider-simulator',
};

/**
 * The project folder and bundle name an entry file stands for.
 *
 * @param {string} entry
 */
function describeEntry(entry) {
  const projectRoot = entry.slice(0, entry.indexOf('/src/'));
  return { projectRoot, bundle: PROGRAMS[entry] ?? basename(dirname(dirname(entry))) };
}

/** @type {import('nx/src/devkit-exports').CreateNodesV2} */
exports.createNodesV2 = [
  '{apps/*/src/main.{ts,tsx},tools/src/caio/main.ts,libs/test-kit/src/provider-simulator/main.ts}',
  (entries) =>
    entries.map((entry) => {
      const { projectRoot, bundle } = describeEntry(entry);
      return [
        entry,
        {
          projects: {
            [projectRoot]: {
              targets: {
                build: {
                  command: `node tools/bin/build.mjs --only ${bundle} --force`,
                  cache: true,
                  inputs: ['default', '^default', '{workspaceRoot}/tools/build/*.mjs'],
                  // The gateway serves the desk, so that lies beside the gateway's bundle.
                  outputs: [`{workspaceRoot}/dist/${entry.endsWith('.tsx') ? 'gateway/desk' : bundle}`],
                },
              },
            },
          },
        },
      ];
    }),
];
