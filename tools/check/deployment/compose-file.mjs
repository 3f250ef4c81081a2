import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

export const COMPOSE_FILE = 'docker-compose.yml';

// The parser the compose linter brings along, so that both read the same.
/** @type {unknown} */
const linterParser = createRequire(createRequire(import.meta.url).resolve('dclint'))('yaml');
const { parse } = /** @type {{ parse: (text: string, options: { merge: boolean }) => unknown }} */ (
  linterParser
);

const textSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const listSchema = z.array(z.string()).default([]);

const healthcheckSchema = z.object({ test: z.union([z.string(), z.array(z.string())]) });

const serviceSchema = z.object({
  image: z.string().optional(),
  build: z.object({ context: z.string(), dockerfile: z.string(), args: z.unknown().optional() }).optional(),
  environment: z.record(z.string(), textSchema).default({}),
  env_file: z.unknown().optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  ports: z.array(textSchema).default([]),
  volumes: listSchema,
  networks: listSchema,
  network_mode: z.string().optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  healthcheck: healthcheckSchema.optional(),
  user: textSchema.optional(),
  restart: z.string().optional(),
  read_only: z.boolean().optional(),
  privileged: z.boolean().optional(),
  cap_drop: listSchema,
  security_opt: listSchema,
  stop_grace_period: z.string().optional(),
});

const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()).default({}),
  volumes: z.record(z.string(), z.unknown()).default({}),
});

/** @typedef {z.output<typeof composeSchema>} Compose */
/** @typedef {z.output<typeof serviceSchema>} ComposeService */

/**
 * The compose file with its anchors resolved and its variables not.
 *
 * @param {string} root
 * @returns {Compose}
 * @throws when it is no YAML or nothing like a compose file
 */
export function readCompose(root) {
  return composeSchema.parse(parse(readFileSync(join(root, COMPOSE_FILE), 'utf8'), { merge: true }));
}

/**
 * @typedef {object} VariableUse
 * @property {string} name
 * @property {'required' | 'default' | 'plain'} kind  `${A:?…}`, `${A:-…}`, or `${A}`, which is empty when nobody sets it
 * @property {string} fallback                        what it is when nobody sets it
 */

const USE = /\$(?:(\$)|\{([A-Za-z_]\w*)(?:(:?[-?+])([^}]*))?\}|([A-Za-z_]\w*))/g;

/**
 * @param {string} text
 * @returns {VariableUse[]}
 */
export function variablesIn(text) {
  /** @type {VariableUse[]} */
  const uses = [];
  for (const [, dollar, braced, operator = '', rest = '', bare] of text.matchAll(USE)) {
    const name = braced ?? bare;
    if (dollar !== undefined || name === undefined) continue;
    if (operator.endsWith('?')) uses.push({ name, kind: 'required', fallback: '' });
    else if (operator.endsWith('-')) uses.push({ name, kind: 'default', fallback: rest });
    else uses.push({ name, kind: 'plain', fallback: '' });
  }
  return uses;
}

/**
 * What compose makes of a text, given the variables of .env. An empty variable counts as not set.
 *
 * @param {string} text
 * @param {Readonly<Record<string, string>>} variables
 * @returns {string}
 * @throws naming a required variable that is not set
 */
export function interpolate(text, variables) {
  return text.replace(USE, (whole, dollar, braced, operator = '', rest = '', bare) => {
    if (dollar !== undefined) return '$';
    const value = variables[String(braced ?? bare)] ?? '';
    if (value !== '') return value;
    if (String(operator).endsWith('?')) throw new Error(`${whole}: ${String(braced)} is not set`);
    return String(operator).endsWith('-') ? String(rest) : '';
  });
}

/**
 * Every variable of .env that the compose file uses, once; required anywhere is required.
 *
 * @param {string} root
 * @returns {VariableUse[]}
 */
export function readComposeUses(root) {
  /** @type {Map<string, VariableUse>} */
  const uses = new Map();
  for (const use of variablesIn(JSON.stringify(readCompose(root)))) {
    if (uses.get(use.name)?.kind !== 'required') uses.set(use.name, use);
  }
  return [...uses.values()];
}
