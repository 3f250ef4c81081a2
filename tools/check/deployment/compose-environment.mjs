import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { importSource } from '../../build/import-source.mjs';
import { findServices } from '../../build/targets.mjs';
import { readDockerfiles } from './check-deployment.mjs';
import { interpolate, readCompose } from './compose-file.mjs';
import { environmentOf } from './dockerfile.mjs';
import { readAssignments } from './environment-rules.mjs';

const filledSchema = z.object({ text: z.string() });

/**
 * The environment of each service in a container of docker compose with a fresh .env: what its image sets, then what
 * the compose file says.
 *
 * @param {string} root
 * @returns {Promise<Record<string, Record<string, string>>>}
 * @throws naming a variable that a fresh .env lacks
 */
export async function readComposeEnvironments(root) {
  const { fillEnvironment } = await importSource(root, 'tools/src/caio/environment-init.ts');
  if (typeof fillEnvironment !== 'function') throw new Error('there is no fillEnvironment to make .env with');
  /** @type {unknown} */
  const filled = Reflect.apply(fillEnvironment, null, [
    readFileSync(join(root, '.env.example'), 'utf8'),
    'compose',
  ]);
  const variables = Object.fromEntries(
    readAssignments(filledSchema.parse(filled).text)
      .filter(({ shown }) => !shown)
      .map(({ name, value }) => [name, value]),
  );
  const services = findServices(root).map(({ name }) => name);
  const { services: described } = readCompose(root);
  const dockerfiles = readDockerfiles(root, services);
  return Object.fromEntries(
    services.map((service) => {
      const stage = dockerfiles[service]?.at(-1);
      const written = Object.entries(described[service]?.environment ?? {}).map(([name, text]) => [
        name,
        interpolate(text, variables),
      ]);
      return [service, { ...(stage ? environmentOf(stage) : {}), ...Object.fromEntries(written) }];
    }),
  );
}

/**
 * The same environment for a process of this machine: other addresses, and folders where it may write.
 *
 * @param {Readonly<Record<string, string>>} environment
 * @param {{ root: string, redisUrl: string, ports: Readonly<Record<string, number>>, service: string, dataDir: string }} here
 * @returns {Record<string, string>}
 */
export function moveHere(environment, { root, redisUrl, ports, service, dataDir }) {
  /** @param {string} value */
  const move = (value) => {
    if (value.startsWith('redis://')) return redisUrl;
    if (value.startsWith('config/')) return join(root, value);
    if (value.startsWith('/data/')) return placeFor(join(dataDir, value.slice('/data/'.length)));
    const [, part = ''] = /^http:\/\/([a-z]+):\d+$/.exec(value) ?? [];
    return part in ports ? `http://127.0.0.1:${ports[part]}` : value;
  };
  /** @type {Record<string, string>} */
  const moved = {};
  for (const [name, value] of Object.entries(environment)) moved[name] = move(value);
  return { ...moved, HOST: '127.0.0.1', PORT: String(ports[service]) };
}

/**
 * What names no file is a folder that the image has.
 *
 * @param {string} path
 */
function placeFor(path) {
  if (!/\.\w+$/.test(path)) mkdirSync(path, { recursive: true });
  return path;
}
