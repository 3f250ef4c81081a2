import type { IncomingMessage } from 'node:http';
import type { DoorSettings } from './door-settings.ts';
import { headerValues } from './header-values.ts';

/** The token a request shows, and where. `unreadable`: shown twice, so that two readers would see two people. */
export type PresentedToken =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'token'; readonly token: string; readonly place: 'header' | 'query' };

const headerToken = (req: IncomingMessage): PresentedToken => {
  const dedicated = headerValues(req, 'x-dashboard-token');
  const authorization = headerValues(req, 'authorization');
  if (dedicated.length > 1 || authorization.length > 1) return { kind: 'unreadable' };
  const token = dedicated[0]?.trim() ?? '';
  if (token !== '') return { kind: 'token', token, place: 'header' };
  const given = authorization[0]?.trim() ?? '';
  if (given === '') return { kind: 'none' };
  const bearer = /^Bearer +(\S+)$/i.exec(given)?.[1];
  return bearer === undefined ? { kind: 'unreadable' } : { kind: 'token', token: bearer, place: 'header' };
};

const nameOf = (pair: string): string => {
  const name = (pair.split('=', 1)[0] ?? '').replaceAll('+', ' ');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

const isToken = (pair: string): boolean => nameOf(pair).trim().toLowerCase() === 'token';

/** A request target without any `token` in its query, however the name is written: it is passed on and traced. */
export const withoutQueryToken = (target: string): string => {
  const at = target.indexOf('?');
  if (at === -1) return target;
  const kept = target
    .slice(at + 1)
    .split('&')
    .filter((pair) => !isToken(pair));
  return kept.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${kept.join('&')}`;
};

const queryToken = (req: IncomingMessage): PresentedToken => {
  const target = req.url ?? '';
  const at = target.indexOf('?');
  if (at === -1) return { kind: 'none' };
  const tokens = new URLSearchParams(target.slice(at + 1)).getAll('token');
  if (tokens.length > 1) return { kind: 'unreadable' };
  const token = tokens[0]?.trim() ?? '';
  return token === '' ? { kind: 'none' } : { kind: 'token', token, place: 'query' };
};

/** A header, if there is one, is the only candidate; the query counts for a GET and while that is switched on. */
export const presentedTokenOf = (
  req: IncomingMessage,
  settings: Pick<DoorSettings, 'queryTokens'>,
): PresentedToken => {
  const header = headerToken(req);
  if (header.kind !== 'none' || settings.queryTokens === 'refused' || req.method !== 'GET') return header;
  return queryToken(req);
};
