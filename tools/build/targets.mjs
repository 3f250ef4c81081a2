import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} BuildTarget
 * @property {string} name   also the folder under dist/
 * @property {string} entry  path of the entry file, from the repository root
 */

/** Programs beside the services: every service is apps/<name>/src/main.ts. */
const PROGRAMS = [
  { name: 'caio', entry: 'tools/src/caio/main.ts' },
  { name: 'provider-simulator', entry: 'libs/test-kit/src/provider-simulator/main.ts' },
];

/**
 * Everything that can be bundled in this tree.
 *
 * @param {string} root
 * @returns {BuildTarget[]}
 */
export function findTargets(root) {
  return [...findServices(root), ...PROGRAMS].filter(({ entry }) => existsSync(join(root, entry)));
}

/**
 * The services, each started by its own bundle.
 *
 * @param {string} root
 * @returns {BuildTarget[]}
 */
export function findServices(root) {
  return readdirSync(join(root, 'apps'))
    .map((name) => ({ name, entry: `apps/${name}/src/main.ts` }))
    .filter(({ entry }) => existsSync(join(root, entry)));
}
