import type { ServerResponse } from 'node:http';
import type { FaultEffect } from './fault-plan.ts';
import type { Answer, VendorPart } from './vendor-part.ts';
import type { LeadChange } from './workspace.ts';

const json = 'application/json; charset=utf-8';
const oversizedBytes = 8 * 1_048_576;

/** `contentType` null leaves the header out. */
export function send(
  response: ServerResponse,
  { status, body }: Answer,
  contentType: string | null = json,
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...(contentType === null ? {} : { 'content-type': contentType }),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** The right answer, a few bytes at a time, until it is whole or nobody listens any more. */
export function drip(
  response: ServerResponse,
  { status, body }: Answer,
  contentType: string | null,
  pace: Extract<FaultEffect, { kind: 'drip' }>,
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...(contentType === null ? {} : { 'content-type': contentType }),
    'content-length': bytes.length,
  });
  response.flushHeaders();
  let at = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, at + pace.bytes));
    at += pace.bytes;
    if (at < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, pace.everyMs);
  response.once('close', () => clearInterval(timer));
}

export const isStatus =
  (when: 'before_acceptance' | 'after_acceptance') =>
  (effect: FaultEffect): effect is Extract<FaultEffect, { kind: 'status' }> =>
    effect.kind === 'status' && effect.when === when;

export function changeOf(effects: readonly FaultEffect[]): LeadChange | null {
  let change: LeadChange | null = null;
  for (const effect of effects) {
    const before: LeadChange = change ?? { visibilityMs: 0, alter: null, takesTwins: false };
    if (effect.kind === 'hide') change = { ...before, visibilityMs: effect.visibilityMs };
    if (effect.kind === 'twins') change = { ...before, takesTwins: true };
    if (effect.kind === 'alter') {
      const { kind: _, ...alter } = effect;
      change = { ...before, alter };
    }
  }
  return change;
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

export function sendStatus(
  response: ServerResponse,
  effect: Extract<FaultEffect, { kind: 'status' }>,
  part: Pick<VendorPart, 'error' | 'contentType'>,
): void {
  if (effect.retryAfter !== undefined) response.setHeader('retry-after', effect.retryAfter);
  if (effect.status >= 300 && effect.status < 400) response.setHeader('location', '/elsewhere');
  const message = effect.message ?? (effect.status === 429 ? 'Rate limit exceeded' : 'Planned by the test');
  send(response, part.error(effect.status, message), part.contentType);
}
