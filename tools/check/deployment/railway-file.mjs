import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findServices } from '../../build/targets.mjs';

const seconds = z.number().int().min(0);
const nullable = (/** @type {z.ZodType} */ schema) => schema.nullable().optional();

/** https://docs.railway.com/config-as-code/reference, with the numbers as https://railway.com/railway.schema.json has them. */
const buildSchema = z.strictObject({
  builder: z.enum(['DOCKERFILE', 'RAILPACK', 'NIXPACKS']).optional(),
  buildCommand: nullable(z.string()),
  dockerfilePath: z.string().nullable().optional(),
  watchPatterns: z.array(z.string().min(1)).optional(),
  railpackVersion: nullable(z.string()),
});
const deploySchema = z.strictObject({
  startCommand: nullable(z.string()),
  preDeployCommand: nullable(z.union([z.string(), z.array(z.string())])),
  numReplicas: nullable(z.number().int().min(1)),
  multiRegionConfig: nullable(z.record(z.string(), z.strictObject({ numReplicas: z.number().int().min(1) }))),
  healthcheckPath: z.string().startsWith('/').nullable().optional(),
  healthcheckTimeout: seconds.nullable().optional(),
  restartPolicyType: z.enum(['ON_FAILURE', 'ALWAYS', 'NEVER']).optional(),
  restartPolicyMaxRetries: nullable(z.number().int().min(0)),
  cronSchedule: nullable(z.string()),
  sleepApplication: nullable(z.boolean()),
  overlapSeconds: seconds.nullable().optional(),
  drainingSeconds: seconds.nullable().optional(),
});
export const railwaySchema = z.strictObject({
  $schema: z.literal('https://railway.com/railway.schema.json'),
  build: buildSchema,
  deploy: deploySchema,
  environments: z
    .record(
      z.string(),
      z.strictObject({ build: buildSchema.partial().optional(), deploy: deploySchema.partial().optional() }),
    )
    .optional(),
});

/** @typedef {z.output<typeof railwaySchema>} RailwayFile */

/** @param {string} service */
export const railwayFileOf = (service) => `apps/${service}/railway.json`;

/**
 * What Railway is told about each service.
 *
 * @param {string} root
 * @returns {Record<string, RailwayFile>}
 * @throws when a file is missing or says something Railway does not know
 */
export function readRailwayFiles(root) {
  return Object.fromEntries(
    findServices(root).map(({ name }) => [
      name,
      railwaySchema.parse(JSON.parse(readFileSync(join(root, railwayFileOf(name)), 'utf8'))),
    ]),
  );
}
