import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Credential } from './authentication.ts';

/** What the door answers itself under `/api`, to a GET or HEAD. `path` in lower case, without a slash at the end. */
export interface OwnRoute<Who> {
  readonly path: string;
  readonly answer: (req: IncomingMessage, res: ServerResponse, who: Who) => Promise<void> | void;
}

/** For anybody, uncounted. */
export type OpenRoute = OwnRoute<null>;
/** For whoever has a credential. */
export type ClosedRoute = OwnRoute<Credential>;

/** The route of a request, or null. Letters of either case and a slash at the end make no other route. */
export const ownRouteOf = <Who>(
  routes: ReadonlyMap<string, OwnRoute<Who>>,
  method: string,
  path: string,
): OwnRoute<Who> | null =>
  method === 'GET' || method === 'HEAD'
    ? (routes.get(path) ?? routes.get(path.toLowerCase().replace(/\/$/, '')) ?? null)
    : null;

export const routesByPath = <Who>(routes: readonly OwnRoute<Who>[]): ReadonlyMap<string, OwnRoute<Who>> =>
  new Map(routes.map((route) => [route.path, route]));
