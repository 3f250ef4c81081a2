import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copiesOf } from './dockerfile.mjs';
import { stopSeconds } from './facts.mjs';
import { railwayFileOf, railwaySchema } from './railway-file.mjs';

/** @typedef {import('./facts.mjs').Facts} Facts */
/** @typedef {import('./dockerfile.mjs').Stage} Stage */

const HEALTHY_SECONDS_MIN = 60;

/**
 * What is wrong with what Railway is told about a service.
 *
 * @param {{ root: string, service: string, stages: readonly Stage[], facts: Facts }} options
 * @returns {string[]}
 */
export function findRailwayProblems({ root, service, stages, facts }) {
  const file = railwayFileOf(service);
  const at = (/** @type {string} */ problem) => `${file}: ${problem}`;
  if (!existsSync(join(root, file))) return [at('is missing')];
  const parsed = railwaySchema.safeParse(readJson(join(root, file)));
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => at(`${path.join('.') || 'it'}: ${message}`));
  const { build, deploy } = parsed.data;
  const problems = [];
  if (build.builder !== 'DOCKERFILE') problems.push('is not built from a Dockerfile');
  if (build.dockerfilePath !== `apps/${service}/Dockerfile`)
    problems.push(`is built from ${build.dockerfilePath ?? 'nothing'}, not apps/${service}/Dockerfile`);
  if (build.dockerfilePath && !existsSync(join(root, build.dockerfilePath)))
    problems.push(`is built from ${build.dockerfilePath}, which does not exist`);
  if (!facts.healthPaths.includes(deploy.healthcheckPath ?? ''))
    problems.push(
      `asks for its health at ${deploy.healthcheckPath ?? 'nothing'}; it answers ${facts.healthPaths.join(' and ')}`,
    );
  if ((deploy.healthcheckTimeout ?? 0) < HEALTHY_SECONDS_MIN)
    problems.push(`gives it less than ${HEALTHY_SECONDS_MIN} s to become healthy`);
  if (deploy.restartPolicyType !== 'ALWAYS')
    problems.push('lets it stay down after a while; set restartPolicyType ALWAYS');
  if ((deploy.drainingSeconds ?? 0) < stopSeconds(facts, service))
    problems.push(
      `kills it after ${deploy.drainingSeconds ?? 0} s, and it may take ${stopSeconds(facts, service)} s to stop`,
    );
  if (deploy.startCommand !== undefined)
    problems.push('replaces the command of the image; leave startCommand out');
  const watched = build.watchPatterns ?? [];
  for (const pattern of watched) {
    if (!pattern.startsWith('/')) problems.push(`watches ${pattern}; patterns begin with / at the root`);
    else if (!existsSync(join(root, pattern.replace(/\/\*\*$/, ''))))
      problems.push(`watches ${pattern}, which does not exist`);
  }
  const unwatched = inputsOf(root, service, stages).filter(
    (path) => !watched.some((pattern) => covers(pattern, path)),
  );
  if (unwatched.length > 0)
    problems.push(`would not be deployed again after a change of ${unwatched.slice(0, 3).join(', ')}`);
  return problems.map(at);
}

/**
 * What an image is made of: every source of its bundle, and what its last stage copies from the context.
 *
 * @param {string} root
 * @param {string} service
 * @param {readonly Stage[]} stages
 */
function inputsOf(root, service, stages) {
  const noted = [`dist/${service}/inputs.json`, `dist/${service}/desk/inputs.json`].flatMap((note) => {
    const inputs = readJson(join(root, note));
    return typeof inputs === 'object' && inputs !== null ? Object.keys(inputs) : [];
  });
  const run = stages.at(-1);
  const copied = run ? copiesOf(run).filter(({ from }) => from === null) : [];
  return [
    ...noted,
    ...copied.flatMap(({ sources }) => sources.map((source) => `${source}/x`)),
    '.dockerignore',
    '.npmrc',
  ];
}

/** @param {string} pattern `/libs/**` or `/package.json` @param {string} path */
const covers = (pattern, path) =>
  pattern.endsWith('/**') ? `/${path}`.startsWith(pattern.slice(0, -2)) : `/${path}` === pattern;

/** @param {string} path @returns {unknown} */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
