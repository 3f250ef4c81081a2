import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPOSE_FILE, readComposeUses } from './compose-file.mjs';
import { isSecret, variablesOfService } from './facts.mjs';

/** @typedef {import('./facts.mjs').Facts} Facts */

/** What stands beside our services in a project on Railway, by the names the runbook gives them. */
const RAILWAY_SERVICES = new Set(['Redis', 'inngest']);

/**
 * @typedef {object} Assignment
 * @property {string} name
 * @property {string} value
 * @property {boolean} shown  behind a #: what the variable is when it is left out
 */

/**
 * @param {string} text
 * @returns {Assignment[]}
 */
export function readAssignments(text) {
  return [...text.matchAll(/^(#(?: {3}[a-z, ]+:)? )?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
    ([, hash, name = '', value = '']) => ({ name, value, shown: hash !== undefined }),
  );
}

/**
 * The blocks of a file with one block per service, by the heading above each.
 *
 * @param {string} text
 * @param {readonly string[]} services
 * @returns {Record<string, Assignment[]>}
 */
function readBlocks(text, services) {
  /** @type {Record<string, Assignment[]>} */
  const blocks = {};
  let service = '';
  for (const line of text.split('\n')) {
    const heading = line.replace(/^# /, '');
    if (services.includes(heading)) service = heading;
    const assignments = readAssignments(line);
    if (service !== '' && assignments.length > 0) (blocks[service] ??= []).push(...assignments);
  }
  return blocks;
}

/**
 * What is wrong with the two examples of an environment.
 *
 * @param {{ root: string, facts: Facts }} options
 * @returns {string[]}
 */
export function findEnvironmentProblems({ root, facts }) {
  return [
    ...judgeExample(root, facts).map((problem) => `.env.example: ${problem}`),
    ...judgeStaging(root, facts).map((problem) => `.env.staging.example: ${problem}`),
  ];
}

/** @param {string} root @param {Facts} facts */
function judgeExample(root, facts) {
  const problems = [];
  const listed = new Map(
    readAssignments(readFileSync(join(root, '.env.example'), 'utf8')).map((assignment) => [
      assignment.name,
      assignment,
    ]),
  );
  const uses = readComposeUses(root);
  for (const { name, kind } of uses) {
    const found = listed.get(name);
    if (!found) problems.push(`does not name ${name}, which ${COMPOSE_FILE} uses`);
    else if ((kind === 'required') === found.shown)
      problems.push(
        found.shown
          ? `shows ${name} as optional, and ${COMPOSE_FILE} needs it`
          : `asks for ${name}, and ${COMPOSE_FILE} does not need it`,
      );
  }
  for (const { name, value } of listed.values()) {
    if (!uses.some((use) => use.name === name) && !facts.variables.some((variable) => variable.name === name))
      problems.push(`names ${name}, which nothing reads`);
    if (value !== '' && isSecret(facts, name)) problems.push(`holds a value for ${name}, which is a secret`);
  }
  return problems;
}

/** @param {string} root @param {Facts} facts */
function judgeStaging(root, facts) {
  const problems = [];
  const blocks = readBlocks(readFileSync(join(root, '.env.staging.example'), 'utf8'), facts.services);
  for (const service of facts.services) {
    const block = blocks[service] ?? [];
    const variables = variablesOfService(facts, service);
    for (const { name, value } of block) {
      if (!name.startsWith('RAILWAY_') && !variables.some((variable) => variable.name === name))
        problems.push(`gives the ${service} ${name}, which it does not read`);
      const reference = /^\$\{\{[\w.]+\}\}$/.test(value);
      if (value !== '' && !reference && isSecret(facts, name))
        problems.push(`holds a value for ${name} of the ${service}, which is a secret`);
      for (const [, other = ''] of value.matchAll(/\$\{\{(\w+)\./g)) {
        if (!RAILWAY_SERVICES.has(other) && !facts.services.includes(other))
          problems.push(`${name} of the ${service} refers to ${other}, which is no service`);
      }
    }
    for (const { name, fallback } of variables) {
      if (fallback === null && !block.some((assignment) => assignment.name === name))
        problems.push(`does not give the ${service} ${name}, which it cannot start without`);
    }
  }
  return problems;
}
