import { routes } from '@caio/contracts';
import type { RouteDescription, ServiceName } from '@caio/contracts';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { HttpProblem } from './http-problem.ts';
import { fits, segmentsOf } from './route-paths.ts';

/** A name that is no plain word may be somebody's data, or long, and is not repeated. */
const shown = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]{0,30}(?:\[\])?$/.test(name) ? `"${name}"` : 'one that is not repeated here';

const fieldsOf = (query: z.ZodType | null): Readonly<Record<string, z.core.$ZodType>> =>
  query instanceof z.ZodObject ? query.shape : {};

/** What is wrong with the parameters of a query, in words; null when each is known and given as often as it may be. */
const parameterProblem = (
  query: Readonly<Record<string, unknown>>,
  schema: z.ZodType | null,
): string | null => {
  const fields = fieldsOf(schema);
  const known = Object.keys(fields).filter((name) => !name.startsWith('_'));
  const taken = known.length === 0 ? 'no parameters' : known.join(', ');
  for (const [name, value] of Object.entries(query)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined)
      return `The query parameter ${shown(name)} does not exist here; this address takes ${taken}.`;
    if (Array.isArray(value) && !z.safeParse(field, value).success)
      return `The query parameter ${shown(name)} is given more than once, or has a value that cannot be read.`;
  }
  return null;
};

/**
 * Says, for every described route of a service, what is wrong with a query: a parameter the route does not have, or
 * one that is given twice; null when nothing is. A filter with a slip of the pen would otherwise answer everything.
 * Links in messages stay open, since mail programs add parameters of their own to them.
 */
export const createParameterCheck = (service: ServiceName) => {
  const described = routes
    .filter((route) => route.service === service && ['permission', 'service'].includes(route.door.kind))
    .map((route: RouteDescription) => ({ route, pattern: segmentsOf(route.path) }))
    // `/api/drafts/history` before `/api/drafts/:draftId`.
    .sort((a, b) => a.route.path.split(':').length - b.route.path.split(':').length);
  return (asked: {
    method: string;
    path: string;
    query: Readonly<Record<string, unknown>>;
  }): string | null => {
    const method = asked.method === 'HEAD' ? 'GET' : asked.method;
    const path = segmentsOf(asked.path);
    const found = described.find(({ route, pattern }) => route.method === method && fits(pattern, path));
    return found === undefined ? null : parameterProblem(asked.query, found.route.query);
  };
};

/** Refuses a query that `createParameterCheck` finds wrong: 400. */
export const knownParameters = (service: ServiceName): RequestHandler => {
  const problemOf = createParameterCheck(service);
  return (req, _res, next) => {
    const problem = problemOf(req);
    if (problem !== null) throw new HttpProblem('bad_request', { message: problem });
    next();
  };
};
