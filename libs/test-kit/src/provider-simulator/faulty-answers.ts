import type { ServerResponse } from 'node:http';
import type { Endpoint, FaultEffect } from './fault-plan.ts';
import { vendorError, type Answer } from './vendor-routes.ts';
import type { LeadChange } from './workspace.ts';

const json = 'application/json; charset=utf-8';
const oversizedBytes = 8 * 1_048_576;

export function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': json, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export const isStatus =
  (when: 'before_acceptance' | 'after_acceptance') =>
  (effect: FaultEffect): effect is Extract<FaultEffect, { kind: 'status' }> =>
    effect.kind === 'status' && effect.when === when;

export function changeOf(effects: readonly FaultEffect[]): LeadChange | null {
  let change: LeadChange | null = null;
  for (const effect of effects) {
    const before: LeadChange = change ?? { visibilityMs: 0, alter: null };
    if (effect.kind === 'hide') change = { ...before, visibilityMs: effect.visibilityMs };
    if (effect.kind === 'alter') {
      const { kind: _, ...alter } = effect;
      change = { ...before, alter };
    }
  }
  return change;
}

/** The call that shows what another call on the same campaign or lead would have changed. */
export function readingOf(endpoint: Endpoint): Endpoint {
  if (endpoint.includes('/campaigns/:id')) return 'GET /campaigns/:id';
  return endpoint === 'DELETE /leads/:id' ? 'GET /leads/:id' : endpoint;
}

export const spoiling: ReadonlySet<FaultEffect['kind']> = new Set([
  'hang',
  'cut',
  'malformed_json',
  'wrong_content_type',
  'partial',
  'oversized',
]);

export function interrupt(response: ServerResponse, effect: FaultEffect): void {
  switch (effect.kind) {
    case 'hang':
      return;
    case 'cut':
      response.socket?.destroy();
      return;
    case 'malformed_json':
      response.writeHead(200, { 'content-type': json }).end('{"id": "0198');
      return;
    case 'wrong_content_type':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>');
      return;
    case 'partial':
      response.writeHead(200, { 'content-type': json, 'content-length': '4096' });
      response.write('{"id": "0198', () => response.socket?.destroy());
      return;
    case 'oversized':
      response.writeHead(200, { 'content-type': json }).end(`{"id":"${'x'.repeat(oversizedBytes)}"}`);
      return;
    default:
      throw new TypeError(`a fault of kind ${effect.kind} does not interrupt`);
  }
}

export function sendStatus(response: ServerResponse, effect: Extract<FaultEffect, { kind: 'status' }>): void {
  if (effect.retryAfter !== undefined) response.setHeader('retry-after', effect.retryAfter);
  if (effect.status >= 300 && effect.status < 400) response.setHeader('location', '/elsewhere');
  const message = effect.message ?? (effect.status === 429 ? 'Rate limit exceeded' : 'Planned by the test');
  send(response, vendorError(effect.status, message));
}
