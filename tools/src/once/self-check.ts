import { createHash } from 'node:crypto';
import { type LeftOut, type Preview, type Receipt, type RowOutcome, textOf } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import type { HandOver } from './simulator-log.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Everything the check compares, each from its own source. */
export interface SelfCheckFacts {
  readonly rows: readonly RowOutcome[];
  readonly preview: Preview | null;
  readonly previewHash: string | null;
  /** Texts as the preview showed them, read before the execution. */
  readonly shown: readonly {
    actionId: string;
    contentDigest: string;
    email: string;
    subject: string;
    body: string;
    footer: string;
  }[];
  readonly leftOut: readonly LeftOut[];
  /** Action ids of the audit's `action.admitted` rows. */
  readonly admitted: readonly string[];
  readonly receipts: readonly Receipt[];
  readonly handedOver: readonly HandOver[];
  readonly correlationId: string;
  readonly audit: { readonly ok: boolean; readonly detail: string };
}

const first = (list: readonly string[]): string =>
  list.length === 0 ? '' : `, first: ${list.slice(0, 3).join(', ')}`;

const difference = (
  name: string,
  left: readonly string[],
  right: readonly string[],
  words: [string, string],
): Check => {
  const leftSet = new Set(left);
  const rightSet = new Set(right);
  const missing = [...leftSet].filter((item) => !rightSet.has(item));
  const extra = [...rightSet].filter((item) => !leftSet.has(item));
  const twice = right.length - rightSet.size;
  const ok = missing.length === 0 && extra.length === 0 && twice === 0;
  return {
    name,
    ok,
    detail: ok
      ? `${leftSet.size} ${words[0]}, the same ${rightSet.size} ${words[1]}, each once`
      : `${missing.length} ${words[0]} but not ${words[1]}${first(missing)}; ${extra.length} ${words[1]} but not ${words[0]}${first(extra)}; ${twice} more than once`,
  };
};

const textsAgree = (facts: SelfCheckFacts): Check => {
  const shown = new Map(facts.shown.map((item) => [item.actionId, item]));
  const wrong = facts.handedOver.filter((entry) => {
    const item = shown.get(entry.actionId ?? '');
    return (
      item === undefined ||
      entry.subject !== item.subject ||
      entry.body !== textOf(item) ||
      entry.email.toLowerCase() !== item.email.toLowerCase()
    );
  });
  return {
    name: 'what the provider holds is what was shown',
    ok: wrong.length === 0,
    detail:
      wrong.length === 0
        ? `recipient, subject and text of ${facts.handedOver.length} messages compared letter by letter`
        : `${wrong.length} messages differ${first(wrong.map((entry) => entry.actionId ?? 'no action id'))}`,
  };
};

/** Draws its own conclusion from five independent sources; believes none of them alone. */
export const selfCheck = (facts: SelfCheckFacts): Check[] => {
  const approved = facts.preview?.actions.map((action) => `${action.actionId} ${action.contentDigest}`) ?? [];
  const approvedIds = facts.preview?.actions.map((action) => action.actionId) ?? [];
  const handedOver = facts.handedOver.map((entry) => `${entry.actionId ?? ''} ${entry.contentDigest ?? ''}`);
  const receipts = facts.receipts.filter(({ outcome }) => outcome === 'handed_over' || outcome === 'left');
  const hash =
    facts.preview === null ? null : createHash('sha256').update(previewBytes(facts.preview)).digest('hex');
  const drafted = facts.rows
    .filter(({ verdict }) => verdict === 'drafted')
    .map(({ email }) => (email ?? '').toLowerCase());
  const placed = [...facts.shown.map(({ email }) => email), ...facts.leftOut.map(({ email }) => email)].map(
    (email) => email.toLowerCase(),
  );
  const foreign = facts.handedOver.filter((entry) => entry.correlationId !== facts.correlationId);
  return [
    {
      name: 'the approved hash is the hash of the preview',
      ok: hash === facts.previewHash,
      detail:
        hash === null
          ? 'nothing was frozen'
          : hash === facts.previewHash
            ? `computed again here: ${hash.slice(0, 16)}…`
            : 'the hash computed here differs from the approved one',
    },
    difference('approved = admitted', approvedIds, facts.admitted, ['approved', 'admitted']),
    difference('approved = handed over', approved, handedOver, ['approved', 'handed over']),
    difference(
      'handed over = receipts',
      handedOver,
      receipts.map((receipt) => `${receipt.actionId} ${receipt.contentDigest}`),
      ['handed over', 'on receipts'],
    ),
    textsAgree(facts),
    difference(
      'every drafted lead is in the batch or left out',
      [...new Set(drafted)],
      [...new Set(placed)],
      ['drafted', 'placed'],
    ),
    {
      name: 'one correlation id from this command to the provider',
      ok: foreign.length === 0,
      detail:
        foreign.length === 0
          ? `${facts.correlationId} on all ${facts.handedOver.length} messages`
          : `${foreign.length} messages carry another id`,
    },
    { name: 'the audit holds', ...facts.audit },
  ];
};
