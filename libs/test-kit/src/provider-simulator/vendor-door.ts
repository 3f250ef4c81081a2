import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Endpoint } from './endpoints.ts';
import type { FaultPlan } from './fault-plan.ts';
import { changeOf, drip, interrupt, isStatus, send, sendStatus, spoiling } from './faulty-answers.ts';
import { parseBody } from './request-body.ts';
import type { Answer, VendorPart } from './vendor-part.ts';

export interface VendorDoorOptions {
  readonly parts: readonly VendorPart[];
  readonly faults: FaultPlan;
  /** Counts the call; refused ones too. */
  readonly count: (endpoint: Endpoint) => void;
  /** Resolves once what was handed over is on the disk. */
  readonly durable: () => Promise<void>;
}

/** Where the calls of every vendor's API come in and meet the planned faults. */
export function createVendorDoor({ parts, faults, count, durable }: VendorDoorOptions) {
  const answersByKey = new Map<string, Answer>();

  const answer = async (
    part: VendorPart,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    text: string,
  ): Promise<void> => {
    const { contentType } = part;
    const target = part.endpointOf(request.method ?? '', url.pathname.slice(part.prefix.length));
    if (target === null) return send(response, part.error(404, 'Route not found'), contentType);
    count(target.endpoint);
    const refusal = part.refusalOf(request.headers);
    if (refusal !== null) return send(response, refusal, contentType);
    const body = parseBody(request.headers['content-type'], text);
    if (!body.ok) return send(response, part.error(400, body.message), contentType);

    const effects = faults.effectsOf(
      target.endpoint,
      part.personOf({ endpoint: target.endpoint, body: body.value }),
    );
    const refused = effects.find(
      (effect) => 'when' in effect && effect.when === 'before_acceptance' && effect.kind !== 'status',
    );
    if (refused !== undefined) return interrupt(response, refused);
    const early = effects.find(isStatus('before_acceptance'));
    if (early !== undefined) return sendStatus(response, early, part);
    const meets = (kind: string): boolean => effects.some((effect) => effect.kind === kind);
    if (meets('empty_page')) {
      return send(response, { status: 200, body: part.emptyPage }, contentType);
    }
    if (meets('mail_first')) part.mailNow(target.id);
    const key = headerOf(request, 'idempotency-key');
    const slot = key === null || faults.idempotency() === 'off' ? null : `${target.endpoint} ${key}`;
    const known = slot === null ? undefined : answersByKey.get(slot);
    const given =
      known ??
      part.answer({
        ...target,
        endpoint: meets('ignore') ? part.readingOf(target.endpoint) : target.endpoint,
        query: url.searchParams,
        body: body.value,
        marks: { correlationId: headerOf(request, 'x-correlation-id'), idempotencyKey: key },
        change: changeOf(effects),
        partialAdd: meets('partial_add'),
      });
    if (slot !== null) answersByKey.set(slot, given);
    await durable();
    for (const effect of effects) if (effect.kind === 'delay') await pause(effect.delayMs);
    const late = effects.find(isStatus('after_acceptance'));
    if (late !== undefined) return sendStatus(response, late, part);
    const spoiled = effects.find((effect) => spoiling.has(effect.kind));
    if (spoiled !== undefined) return interrupt(response, spoiled);
    const slow = effects.find((effect) => effect.kind === 'drip');
    if (slow !== undefined) return drip(response, given, contentType, slow);
    return send(response, given, contentType);
  };

  return {
    /** False when no vendor has such a path. */
    open: (request: IncomingMessage, response: ServerResponse, url: URL, text: string): boolean => {
      const part = parts.find(({ prefix }) => url.pathname.startsWith(prefix));
      if (part === undefined) return false;
      answer(part, request, response, url, text).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : 'unknown failure';
        send(response, part.error(500, message), part.contentType);
      });
      return true;
    },
  };
}

const headerOf = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
};
