import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { bundleTarget } from '../../build/bundle.mjs';
import { buildDashboard } from '../../build/dashboard.mjs';
import { findServices } from '../../build/targets.mjs';
import { COMPOSE_FILE, readCompose } from './compose-file.mjs';
import { findComposeProblems } from './compose-rules.mjs';
import { findDockerfileProblems } from './dockerfile-rules.mjs';
import { readStages } from './dockerfile.mjs';
import { findEnvironmentProblems } from './environment-rules.mjs';
import { readFacts } from './facts.mjs';
import { findRailwayProblems } from './railway-rules.mjs';

/** @typedef {import('./facts.mjs').Facts} Facts */

/**
 * What of the linter's rules does not hold here, and why.
 *
 * @type {ConstructorParameters<typeof DCLinter>[0]['rules']}
 */
const LINTER_RULES = {
  // An image has a name so that the one of the release before can be gone back to.
  'no-build-and-image': 0,
  // The order the parts stand in is the one they are understood in.
  'services-alphabetical-order': 0,
  'top-level-properties-order': 0,
  // It cannot read an address that is a variable; our own rule does.
  'no-unbound-port-interfaces': 0,
  'service-keys-order': [1, { groups: { 'Core Definitions': ['<<', 'image', 'build', 'container_name'] } }],
};

/**
 * Everything a deployment is made from, compared with what the services really read, answer and are built into.
 *
 * @param {import('../steps.mjs').CheckContext} context
 * @returns {Promise<import('../steps.mjs').StepOutcome>}
 */
export async function checkDeployment({ root }) {
  for (const target of findServices(root)) await bundleTarget({ root, target, mode: 'when-stale' });
  await buildDashboard({ root, mode: 'when-stale' });
  const facts = await readFacts(root);
  const problems = findDeploymentProblems({ root, facts });
  return problems.length === 0
    ? { ok: true, detail: `${COMPOSE_FILE}, ${facts.services.length} images and their settings` }
    : { ok: false, detail: `${problems.length} problems`, output: problems.join('\n') };
}

/**
 * @param {{ root: string, facts: Facts }} options  `root` with its bundles built
 * @returns {string[]}
 */
export function findDeploymentProblems({ root, facts }) {
  const linted = lintCompose(root);
  // What is no compose file has been said; there is nothing in it to compare.
  return linted.some((problem) => problem.includes(': invalid-'))
    ? linted
    : [...linted, ...compareDeployment({ root, facts })];
}

/**
 * The same without the linter, which takes most of the time.
 *
 * @param {{ root: string, facts: Facts }} options
 * @returns {string[]}
 */
export function compareDeployment({ root, facts }) {
  const dockerfiles = readDockerfiles(root, facts.services);
  const images = facts.services.flatMap((service) => {
    const stages = dockerfiles[service];
    return [
      ...(stages
        ? findDockerfileProblems({ root, service, stages, facts })
        : [`apps/${service}/Dockerfile: is missing`]),
      ...findRailwayProblems({ root, service, stages: stages ?? [], facts }),
    ];
  });
  return [
    ...images,
    ...findComposeProblems({ root, compose: readCompose(root), facts, dockerfiles }),
    ...findEnvironmentProblems({ root, facts }),
  ];
}

/**
 * The Dockerfile of every service that has one.
 *
 * @param {string} root
 * @param {readonly string[]} services
 * @returns {Record<string, readonly import('./dockerfile.mjs').Stage[]>}
 */
export function readDockerfiles(root, services) {
  /** @type {Record<string, readonly import('./dockerfile.mjs').Stage[]>} */
  const dockerfiles = {};
  for (const service of services) {
    const path = join(root, 'apps', service, 'Dockerfile');
    if (existsSync(path)) dockerfiles[service] = readStages(readFileSync(path, 'utf8'));
  }
  return dockerfiles;
}

/**
 * The compose schema and the linter's rules.
 *
 * @param {string} root
 * @returns {string[]}
 */
function lintCompose(root) {
  const file = join(root, COMPOSE_FILE);
  if (!existsSync(file)) return [`${COMPOSE_FILE}: invalid-file: it is missing`];
  const linter = new DCLinter({ rules: LINTER_RULES, quiet: false, debug: false, exclude: [] });
  return linter
    .lintFiles([file], false)
    .flatMap(({ messages }) => messages)
    .map(({ rule, line, message }) => `${COMPOSE_FILE}: ${rule}: line ${line}: ${message}`);
}
