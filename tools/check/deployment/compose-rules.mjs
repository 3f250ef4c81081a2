import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { COMPOSE_FILE, interpolate, variablesIn } from './compose-file.mjs';
import { environmentOf } from './dockerfile.mjs';
import { healthPathsIn, isSecret, portOf, stopSeconds, variablesOfService } from './facts.mjs';

/** @typedef {import('./compose-file.mjs').Compose} Compose */
/** @typedef {import('./compose-file.mjs').ComposeService} ComposeService */
/** @typedef {import('./facts.mjs').Facts} Facts */
/** @typedef {Readonly<Record<string, readonly import('./dockerfile.mjs').Stage[]>>} Dockerfiles  by service */

/** What the images' own programs read, beside the variables of the services. */
const FOREIGN_VARIABLES = new Set([
  'REDIS_PASSWORD',
  'REDISCLI_AUTH',
  'INNGEST_SIGNING_KEY',
  'INNGEST_EVENT_KEY',
  'HOME',
  'DO_NOT_TRACK',
]);
/**
 * Rehearsals and laptops only, part of the image, or for Inngest Cloud, which an inner network without a way out cannot
 * reach; compose has no business setting them.
 */
const NOT_FOR_COMPOSE = new Set(['FAULT_PLAN', 'INNGEST_DEV', 'INNGEST_WEBHOOK_URL', 'DESK_DIR']);

/**
 * What is wrong with the compose file beyond its schema.
 *
 * @param {{ root: string, compose: Compose, facts: Facts, dockerfiles: Dockerfiles }} options
 * @returns {string[]}
 */
export function findComposeProblems({ root, compose, facts, dockerfiles }) {
  const problems = Object.entries(compose.services).flatMap(([name, service]) => [
    ...judgeContainer(name, service),
    ...judgeHealth(name, service, compose, dockerfiles, facts),
    ...judgeFiles(root, name, service, compose),
    ...judgeSecrets(name, service, facts),
  ]);
  for (const service of facts.services) {
    const described = compose.services[service];
    if (!described) problems.push(`${service} is missing`);
    else problems.push(...judgeService(service, described, facts, dockerfiles));
  }
  return [...problems, ...judgeDoor(compose, facts), ...judgeRedis(compose), ...judgeDefaults(compose)].map(
    (problem) => `${COMPOSE_FILE}: ${problem}`,
  );
}

/** @param {string} name @param {ComposeService} service */
function judgeContainer(name, service) {
  const problems = [];
  if (/^(root|0)(:|$)/.test(service.user ?? '')) problems.push(`${name} runs as root`);
  if (service.user === undefined && service.build === undefined)
    problems.push(`${name} has no user, so its image decides, which may be root`);
  if (service.privileged) problems.push(`${name} is privileged`);
  if (service.network_mode !== undefined) problems.push(`${name} leaves the network with network_mode`);
  if (service.read_only !== true) problems.push(`${name} may write to its own files; set read_only: true`);
  if (!service.cap_drop.includes('ALL')) problems.push(`${name} keeps capabilities; drop ALL`);
  if (!service.security_opt.includes('no-new-privileges:true'))
    problems.push(`${name} may gain privileges; set no-new-privileges:true`);
  if (!['always', 'unless-stopped'].includes(service.restart ?? ''))
    problems.push(`${name} stays down after a crash; set restart: unless-stopped`);
  if (service.env_file !== undefined)
    problems.push(`${name} takes a whole file of variables; name each one under environment`);
  if (service.build?.args !== undefined)
    problems.push(`${name} needs build arguments; its defaults have to do`);
  return problems;
}

/** @param {string} service @param {ComposeService} described @param {Facts} facts @param {Dockerfiles} dockerfiles */
function judgeService(service, described, facts, dockerfiles) {
  const problems = [];
  const variables = variablesOfService(facts, service);
  const image = environmentOf(dockerfiles[service]?.at(-1) ?? { image: '', name: null, instructions: [] });
  const given = { ...image, ...described.environment };
  for (const { name, fallback } of variables) {
    if (name in given || NOT_FOR_COMPOSE.has(name)) continue;
    problems.push(
      fallback === null
        ? `${service} is not given ${name}, which it cannot start without`
        : `${service} is not given ${name}, so setting it in .env would do nothing`,
    );
  }
  for (const name of Object.keys(described.environment)) {
    if (!variables.some((variable) => variable.name === name))
      problems.push(`${service} is given ${name}, which it does not read`);
  }
  if (described.build?.dockerfile !== `apps/${service}/Dockerfile` || described.build.context !== '.')
    problems.push(`${service} is not built from apps/${service}/Dockerfile in the context .`);
  const grace = secondsOf(described.stop_grace_period ?? '10s');
  if (grace < stopSeconds(facts, service))
    problems.push(
      `${service} is killed after ${grace} s, and it may take ${stopSeconds(facts, service)} s to stop`,
    );
  if (described.depends_on['redis'] === undefined) problems.push(`${service} does not wait for redis`);
  return problems;
}

/**
 * @param {string} name @param {ComposeService} service @param {Compose} compose @param {Dockerfiles} dockerfiles
 * @param {Facts} facts
 */
function judgeHealth(name, service, compose, dockerfiles, facts) {
  const problems = [];
  for (const [other, { condition }] of Object.entries(service.depends_on)) {
    const target = compose.services[other];
    if (!target) problems.push(`${name} waits for ${other}, which is not there`);
    else if (condition !== 'service_healthy')
      problems.push(`${name} waits for ${other} to be started, not to be healthy`);
    else if (!target.healthcheck && !hasHealthcheck(dockerfiles[other]))
      problems.push(`${name} waits for ${other} to be healthy, and nothing checks that`);
  }
  if (!service.healthcheck && !hasHealthcheck(dockerfiles[name]))
    problems.push(`nothing checks the health of ${name}`);
  if (service.healthcheck && facts.services.includes(name)) {
    for (const path of healthPathsIn([service.healthcheck.test].flat().join(' '))) {
      if (!facts.healthPaths.includes(path))
        problems.push(`${name} is asked for its health at ${path}, which it does not answer`);
    }
  }
  return problems;
}

/** @param {readonly import('./dockerfile.mjs').Stage[] | undefined} stages */
const hasHealthcheck = (stages) =>
  stages?.at(-1)?.instructions.some(({ name, text }) => name === 'HEALTHCHECK' && text !== 'NONE') ?? false;

/** @param {string} root @param {string} name @param {ComposeService} service @param {Compose} compose */
function judgeFiles(root, name, service, compose) {
  const problems = [];
  if (service.build && !existsSync(join(root, service.build.context, service.build.dockerfile)))
    problems.push(`${name} is built from ${service.build.dockerfile}, which does not exist`);
  for (const volume of service.volumes) {
    const [source = ''] = volume.split(':');
    if (/^[./~]/.test(source)) {
      if (!existsSync(join(root, source))) problems.push(`${name} mounts ${source}, which does not exist`);
    } else if (!(source in compose.volumes))
      problems.push(`${name} mounts the volume ${source}, which is not declared`);
  }
  for (const network of service.networks) {
    if (!(network in compose.networks))
      problems.push(`${name} is in the network ${network}, which is not declared`);
  }
  for (const [variable, kind] of /** @type {const} */ ([
    ['POLICY_FILE', 'file'],
    ['COPY_PACK_DIR', 'folder'],
  ])) {
    const text = service.environment[variable];
    if (text === undefined) continue;
    const path = interpolate(text, {});
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (!(kind === 'file' ? found?.isFile() : found?.isDirectory()))
      problems.push(`${name} reads ${variable} ${path}, and there is no such ${kind}`);
  }
  return problems;
}

/** @param {string} name @param {ComposeService} service @param {Facts} facts */
function judgeSecrets(name, service, facts) {
  const problems = [];
  for (const [variable, text] of Object.entries(service.environment)) {
    if (!facts.services.includes(name) && !FOREIGN_VARIABLES.has(variable))
      problems.push(`${name} is given ${variable}, which nothing here knows`);
    const uses = variablesIn(text);
    for (const { name: used, fallback } of uses) {
      if (isSecret(facts, used) && fallback !== '')
        problems.push(`${used} has a default, and it is a secret`);
    }
    const bare = uses.length === 0 ? text : '';
    if (isSecret(facts, variable) && bare !== '')
      problems.push(`the value of ${variable} of ${name} is written down`);
    if (looksSecret(text)) problems.push(`${variable} of ${name} holds what looks like a secret`);
  }
  for (const text of [service.command ?? ''].flat()) {
    if (looksSecret(text)) problems.push(`the command of ${name} holds what looks like a secret`);
  }
  return problems;
}

/** @param {string} text */
const looksSecret = (text) =>
  /:\/\/[^\s/@$]*:[^\s/@$]+@|-----BEGIN|\b[A-Za-z0-9_-]{40,}\b|\bsignkey-/.test(
    text.replaceAll(/\$\{[^}]*\}/g, ''),
  );

/** @param {Compose} compose @param {Facts} facts */
function judgeDoor(compose, facts) {
  const problems = [];
  const open = Object.entries(compose.networks).filter(([, network]) => network?.internal !== true);
  for (const [name, service] of Object.entries(compose.services)) {
    if (name === 'gateway') continue;
    if (service.ports.length > 0)
      problems.push(`${name} publishes ${service.ports.join(', ')}; only the gateway may`);
    const out = open.filter(([network]) => service.networks.includes(network)).map(([network]) => network);
    if (out.length > 0 || service.networks.length === 0)
      problems.push(`${name} is in a network that leads out: ${out.join(', ') || 'the default one'}`);
  }
  const ports = compose.services['gateway']?.ports ?? [];
  const [published] = ports;
  if (ports.length !== 1 || published === undefined)
    problems.push('the gateway does not publish exactly one port');
  else if (!new RegExp(`^127\\.0\\.0\\.1:\\d+:${portOf(facts, 'gateway')}$`).test(interpolate(published, {})))
    problems.push(
      `the gateway publishes ${interpolate(published, {})} unless told otherwise, not its port ${portOf(facts, 'gateway')} at 127.0.0.1`,
    );
  return problems;
}

/** @param {Compose} compose */
function judgeRedis(compose) {
  const redis = compose.services['redis'];
  if (!redis) return ['redis is missing'];
  const problems = [];
  const command = [redis.command ?? []].flat().join(' ');
  if (!/^redis:7\b/.test(redis.image ?? '')) problems.push('redis is not Redis 7');
  if (!/--appendonly yes\b/.test(command))
    problems.push('redis keeps no append-only file; set --appendonly yes');
  if (!/--maxmemory-policy noeviction\b/.test(command))
    problems.push('redis may evict records; set --maxmemory-policy noeviction');
  if (!/--requirepass\b/.test(command)) problems.push('redis asks for no password; set --requirepass');
  if (!redis.volumes.some((volume) => volume.endsWith(':/data')))
    problems.push('redis has no volume at /data');
  return problems;
}

/** @param {Compose} compose */
function judgeDefaults(compose) {
  /** @type {Map<string, Set<string>>} */
  const defaults = new Map();
  for (const { name, kind, fallback } of variablesIn(JSON.stringify(compose)))
    defaults.set(name, (defaults.get(name) ?? new Set()).add(`${kind} ${fallback}`.trim()));
  return [...defaults]
    .filter(([, values]) => values.size > 1)
    .map(([name, values]) => `${name} is used in different ways: ${[...values].join(', ')}`);
}

/** @param {string} text `45s`, `1m30s` */
function secondsOf(text) {
  const unit = { h: 3_600, m: 60, s: 1 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)(?!s)/g)].reduce(
    (sum, [, amount, name]) => sum + Number(amount) * unit[/** @type {'h' | 'm' | 's'} */ (name)],
    0,
  );
}
