import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copiesOf, environmentOf, execForm } from './dockerfile.mjs';
import { healthPathsIn, isSecret, portOf, variablesOfService } from './facts.mjs';
import { createIgnore } from './ignore-file.mjs';
import { findImageFiles, judgeImageFile } from './image-files.mjs';

/** Variables that Node, its libraries or the C library read, not a service. */
const readByTheRuntime = ['NODE_ENV', 'MALLOC_TRIM_THRESHOLD_'];

/** @typedef {import('./facts.mjs').Facts} Facts */
/** @typedef {import('./dockerfile.mjs').Stage} Stage */

const BASE_IMAGE = 'node:24-slim';

/**
 * What `npm run build` has to make for the image of a service.
 *
 * @param {string} service
 */
const partsOf = (service) => (service === 'gateway' ? ['gateway', 'dashboard'] : [service]);

/**
 * What is wrong with the Dockerfile of a service.
 *
 * @param {{ root: string, service: string, stages: readonly Stage[], facts: Facts }} options
 * @returns {string[]}
 */
export function findDockerfileProblems({ root, service, stages, facts }) {
  const [before, ...images] = stages;
  const build = images[0];
  const run = images.at(-1);
  if (images.length !== 2 || !build || !run)
    return [at(service, 'has not a stage that builds and one that runs')];
  const problems = [
    ...images
      .filter(({ image }) => image !== BASE_IMAGE)
      .map(({ image }) => `starts from ${image}, not ${BASE_IMAGE}`),
    ...stages
      .flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'ARG'))
      .map(({ text }) => `needs the build argument ${text}`),
    ...(before && before.instructions.length > 0 ? ['says something before its first FROM'] : []),
    ...judgeSources(root, build),
    ...judgeBuild(service, build),
    ...judgeRun(service, run, facts),
    ...judgeFiles(root, service, stages),
  ];
  return problems.map((problem) => at(service, problem));
}

/** @param {string} service @param {string} problem */
const at = (service, problem) => `apps/${service}/Dockerfile: ${problem}`;

/** @param {string} root @param {Stage} build */
function judgeSources(root, build) {
  const problems = [];
  const isIgnored = createIgnore(readFileSync(join(root, '.dockerignore'), 'utf8'));
  const install = build.instructions.findIndex(
    ({ name, text }) => name === 'RUN' && text.startsWith('npm ci'),
  );
  if (install === -1) problems.push('does not install exactly what the lock file says (npm ci)');
  const early = copiesOf({ ...build, instructions: build.instructions.slice(0, install) });
  for (const source of early.flatMap(({ sources }) => sources)) {
    if (!existsSync(join(root, source))) problems.push(`copies ${source}, which does not exist`);
    else if (isIgnored(source)) problems.push(`copies ${source}, which .dockerignore leaves out`);
  }
  const copied = new Set(early.flatMap(({ sources }) => sources));
  for (const manifest of manifestsOf(root)) {
    if (!copied.has(manifest))
      problems.push(`installs without ${manifest}, so npm ci would not find the workspace`);
  }
  return problems;
}

/** @param {string} service @param {Stage} build */
function judgeBuild(service, build) {
  const commands = build.instructions.filter(({ name }) => name === 'RUN').map(({ text }) => text);
  const built = commands.flatMap((text) => [...text.matchAll(/--only (\S+)/g)].map(([, part]) => part));
  return partsOf(service)
    .filter((part) => !built.includes(part))
    .map((part) => `does not build ${part} (npm run build -- --only ${part})`);
}

/** @param {string} root */
function manifestsOf(root) {
  const folders = ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}`),
  );
  return ['.', ...folders, 'tools']
    .map((folder) => (folder === '.' ? 'package.json' : `${folder}/package.json`))
    .concat('package-lock.json', '.npmrc')
    .filter((path) => existsSync(join(root, path)));
}

/** @param {string} service @param {Stage} run @param {Facts} facts */
function judgeRun(service, run, facts) {
  const problems = [];
  const last = (/** @type {string} */ wanted) =>
    run.instructions.findLast(({ name }) => name === wanted)?.text;
  const user = last('USER');
  if (user === undefined) problems.push('runs as root; end with USER node');
  else if (/^(root|0)(:|$)/.test(user)) problems.push(`runs as ${user}; end with USER node`);
  const port = portOf(facts, service);
  if (last('EXPOSE') !== port)
    problems.push(`exposes ${last('EXPOSE') ?? 'nothing'}, and it listens on ${port}`);
  const command = execForm(last('CMD') ?? '');
  if (command?.join(' ') !== `node dist/${service}/main.cjs`)
    problems.push(
      `starts with ${last('CMD') ?? 'nothing'}; ["node", "dist/${service}/main.cjs"] lets SIGTERM arrive`,
    );
  if (last('ENTRYPOINT') !== undefined) problems.push('has an ENTRYPOINT between SIGTERM and the service');
  const healthcheck = last('HEALTHCHECK') ?? '';
  const check = execForm(healthcheck.slice(Math.max(healthcheck.indexOf('CMD ') + 4, 0)));
  if (check?.[0] !== 'node') problems.push('has no HEALTHCHECK that node runs by itself');
  const paths = healthPathsIn(healthcheck);
  if (paths.length !== 1 || !facts.healthPaths.includes(paths[0] ?? ''))
    problems.push(
      `asks for its health at ${paths.join(', ') || 'nothing'}; it answers ${facts.healthPaths.join(' and ')}`,
    );
  const known = new Set([...readByTheRuntime, ...variablesOfService(facts, service).map(({ name }) => name)]);
  for (const name of Object.keys(environmentOf(run))) {
    if (!known.has(name)) problems.push(`sets ${name}, which the ${service} does not read`);
    if (isSecret(facts, name)) problems.push(`sets ${name}, which is a secret`);
  }
  if (environmentOf(run)['PORT'] !== port) problems.push(`does not set PORT to ${port}`);
  for (const { name, text } of run.instructions) {
    if (name === 'ADD') problems.push(`uses ADD ${text}; COPY says what it does`);
    if (name === 'RUN' && /\b(npm|npx|apt-get|curl)\b/.test(text))
      problems.push(`installs in the image that runs: ${text}`);
  }
  return problems;
}

/** @param {string} root @param {string} service @param {readonly Stage[]} stages */
function judgeFiles(root, service, stages) {
  const { files, missing } = findImageFiles(root, stages);
  const problems = missing.map((source) => `copies ${source}, and the build makes no such thing`);
  if (!files.includes(`app/dist/${service}/main.cjs`)) problems.push('has no bundle in the image that runs');
  if (service === 'gateway' && !files.includes('app/dist/gateway/desk/index.html'))
    problems.push('has no pages in the image that runs');
  for (const file of files) {
    const reason = judgeImageFile(file, service);
    if (reason !== null) problems.push(`puts ${file} into the image that runs: ${reason}`);
  }
  return problems;
}
