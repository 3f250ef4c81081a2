import type { ActionId, DispatchOutcome, Message } from '@caio/contracts';
import type { ActionQuery, Handover, ProviderAdapter, ProviderFinding } from '../provider-port.ts';
import { buildEml } from './eml.ts';
import type { Evidence, EvidenceStore } from './evidence-store.ts';
import { brokenSeal } from './seal.ts';

export interface LogOnlyOptions {
  readonly evidence: EvidenceStore;
  /** Milliseconds since 1970, for the Date header and `savedAt`. */
  readonly nowMs: () => number;
  /** The clock of `sendDeadlineMs`. */
  readonly monotonicMs: () => number;
}

/**
 * Delivers nothing: keeps the exact message that would have left, once per action, as evidence. Has no socket
 * to open. A second hand-over of an action answers with the first one's evidence.
 */
export function createLogOnlyAdapter({ evidence, nowMs, monotonicMs }: LogOnlyOptions): ProviderAdapter {
  const send = async (handover: Handover): Promise<DispatchOutcome> => {
    const broken = brokenSeal(handover);
    if (broken !== null) return broken;
    const at = new Date(nowMs());
    const rendered = await render(handover.message, handover.actionId, at);
    if (!rendered.ok) return { outcome: 'refused', code: rendered.code, message: rendered.message };
    const { contentType, content } = rendered;
    if (monotonicMs() >= handover.sendDeadlineMs) {
      return { outcome: 'released', code: 'deadline_passed', retryAfterMs: 1_000 };
    }
    const { actionId, attemptId, contentDigest } = handover;
    const savedAt = at.toISOString();
    const saved = await evidence.save(actionId, { contentType, content, contentDigest, attemptId, savedAt });
    const kept = saved === 'saved' ? null : await evidence.read(actionId);
    if (kept !== null && kept.contentDigest !== contentDigest) {
      return {
        outcome: 'refused',
        code: 'action_has_other_content',
        message: 'This action already left other evidence; nothing was stored.',
      };
    }
    return {
      outcome: 'accepted',
      providerMessageId: messageIdOf(actionId),
      holdsBeforeMailing: false,
      proof: `Nothing was sent. The exact message (${contentType}) is kept as evidence of ${actionId} since ${kept?.savedAt ?? savedAt}.`,
    };
  };

  const findOne = async ({ actionId }: ActionQuery): Promise<ProviderFinding> => {
    let kept: Evidence | null;
    try {
      kept = await evidence.read(actionId);
    } catch (error) {
      return { state: 'unreadable', message: error instanceof Error ? error.message : 'no evidence store' };
    }
    if (kept === null) return { state: 'absent' };
    return {
      state: 'present',
      providerMessageId: messageIdOf(actionId),
      contentDigest: kept.contentDigest,
      mailed: true,
      attemptId: kept.attemptId,
    };
  };

  return {
    name: 'log',
    mode: 'log-only',
    holdsBeforeMailing: false,
    idempotency: 'keyed',
    visibilityLagMaxMs: 0,
    unsubscribe: 'own',
    rateBudget: null,
    send,
    find: async (queries) => {
      const found = new Map<ActionId, ProviderFinding>();
      for (const query of queries) found.set(query.actionId, await findOne(query));
      return found;
    },
    takeBack: async (query) => {
      const finding = await findOne(query);
      if (finding.state === 'absent') return { ok: true, readBack: 'absent' };
      if (finding.state === 'unreadable') return { ok: false, code: 'unreadable', message: finding.message };
      return {
        ok: false,
        code: 'already_left',
        message: 'Evidence is final; there is nothing held to remove.',
      };
    },
    pauseAll: () => Promise.resolve({ paused: 0, failed: [] }),
    close: () => Promise.resolve(),
  };
}

const messageIdOf = (actionId: ActionId): string => `log:${actionId}`;

type Rendered =
  | { readonly ok: true; readonly contentType: string; readonly content: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

async function render(message: Message, actionId: ActionId, date: Date): Promise<Rendered> {
  if (message.channel !== 'email') {
    return { ok: true, contentType: 'application/json', content: JSON.stringify(message, null, 2) };
  }
  const eml = await buildEml({ message, messageKey: actionId, date });
  return eml.ok ? { ok: true, contentType: 'message/rfc822', content: eml.content } : eml;
}
