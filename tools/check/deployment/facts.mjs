import { z } from 'zod';
import { importSource } from '../../build/import-source.mjs';
import { findServices } from '../../build/targets.mjs';
import { readVariables } from '../../docs/reference-pages.mjs';

const variablesSchema = z.array(
  z.object({
    name: z.string(),
    service: z.string(),
    fallback: z.string().nullable(),
    secret: z.boolean(),
    fix: z.string(),
  }),
);
const routesSchema = z.array(
  z.object({ method: z.string(), path: z.string(), door: z.object({ kind: z.string() }) }),
);

/**
 * What the files of a deployment are compared with.
 *
 * @typedef {object} Facts
 * @property {readonly string[]} services
 * @property {z.output<typeof variablesSchema>} variables  of every service, as its config reads them
 * @property {readonly string[]} healthPaths               what may be asked without a token
 */

/**
 * @param {string} root
 * @returns {Promise<Facts>}
 */
export async function readFacts(root) {
  const { serviceRoutes } = await importSource(root, 'libs/contracts/src/routes/service-routes.ts');
  return {
    services: findServices(root).map(({ name }) => name),
    variables: variablesSchema.parse(await readVariables(root)),
    healthPaths: routesSchema
      .parse(serviceRoutes)
      .filter(
        ({ method, path, door }) => method === 'GET' && door.kind === 'open' && path.startsWith('/health/'),
      )
      .map(({ path }) => path),
  };
}

/**
 * @param {Facts} facts
 * @param {string} service
 */
export const variablesOfService = (facts, service) =>
  facts.variables.filter((variable) => variable.service === service);

/**
 * The port a service listens on when nobody says otherwise.
 *
 * @param {Facts} facts
 * @param {string} service
 */
export const portOf = (facts, service) =>
  variablesOfService(facts, service).find(({ name }) => name === 'PORT')?.fallback ?? '';

/**
 * @param {Facts} facts
 * @param {string} name
 */
export const isSecret = (facts, name) =>
  facts.variables.some((variable) => variable.name === name && variable.secret) ||
  /_(PASSWORD|PRIVATE_KEY|SECRET|TOKEN)$/.test(name);

/** The time after DRAIN_MS in which a service closes its queues and connections; see service-process.ts. */
const CLOSING_SECONDS = 25;

/**
 * How long a service may take from SIGTERM to its end.
 *
 * @param {Facts} facts
 * @param {string} service
 * @returns {number} seconds
 */
export const stopSeconds = (facts, service) =>
  Number(variablesOfService(facts, service).find(({ name }) => name === 'DRAIN_MS')?.fallback) / 1_000 +
  CLOSING_SECONDS;

/**
 * The paths of this machine a health check asks for.
 *
 * @param {string} text
 * @returns {string[]}
 */
export const healthPathsIn = (text) => [...text.matchAll(/\/health[\w/-]*/g)].map(([path]) => path);
