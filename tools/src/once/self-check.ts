import { createHash } from 'node:crypto';
import {
  type LeftOut,
  type Message,
  type Preview,
  type Receipt,
  type RowOutcome,
  textOf,
} from '@caio/contracts';
import { canonicalJson, previewBytes } from '@caio/dispatch-core';
import type { HandOver } from './simulator-log.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Everything the check compares, each from its own source. */
export interface SelfCheckFacts {
  /** What the run says it read, and what it reported line by line. */
  readonly rowsRead: number;
  /** The records of the file by another parser than the import's; null when that one could not find the header. */
  readonly recordsInFile: number | null;
  readonly rows: readonly RowOutcome[];
  /** Draft id and content digest of every approval this command itself gave. */
  readonly approvals: ReadonlyMap<string, string>;
  readonly preview: Preview | null;
  readonly previewHash: string | null;
  /** Texts as the preview showed them, read before the execution. */
  readonly shown: readonly {
    actionId: string;
    draftId: string;
    contentDigest: string;
    email: string;
    subject: string;
    body: string;
    footer: string;
    message: Message;
  }[];
  readonly leftOut: readonly LeftOut[];
  /** Action ids of the audit's `action.admitted` rows. */
  readonly admitted: readonly string[];
  readonly receipts: readonly Receipt[];
  readonly handedOver: readonly HandOver[];
  readonly correlationId: string;
  readonly audit: { readonly ok: boolean; readonly detail: string };
}

/** How the detail of a check ends that had nothing before it. */
export const nothingToCompare = 'there was nothing to compare';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

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
  const agreed =
    leftSet.size === 0
      ? `none ${words[0]} and none ${words[1]}, so ${nothingToCompare}`
      : `${leftSet.size} ${words[0]}, the same ${rightSet.size} ${words[1]}, each once`;
  return {
    name,
    ok,
    detail: ok
      ? agreed
      : `${missing.length} ${words[0]} but not ${words[1]}${first(missing)}; ${extra.length} ${words[1]} but not ${words[0]}${first(extra)}; ${twice} more than once`,
  };
};

const rowsComplete = ({ rows, rowsRead, recordsInFile }: SelfCheckFacts): Check => {
  const lines = new Set(rows.map(({ line }) => line)).size;
  // What could not be counted was not checked: that is no agreement.
  const ok = rows.length === rowsRead && lines === rows.length && recordsInFile === rowsRead;
  const counted =
    recordsInFile === null
      ? 'the file could not be counted independently, because no line of it holds the columns that the run says it used'
      : `${recordsInFile} records counted in the file`;
  return {
    name: 'every row read is reported once',
    ok,
    detail: ok
      ? `${counted}, ${rowsRead} rows read, ${rows.length} reported, each line once`
      : `${counted}, ${rowsRead} rows read, ${rows.length} reported, of ${lines} different lines`,
  };
};

const hashAgrees = ({ preview, previewHash }: SelfCheckFacts): Check => {
  const hash = preview === null ? null : sha256(previewBytes(preview));
  const ok = hash === previewHash;
  return {
    name: 'the approved hash is the hash of the preview',
    ok,
    detail: !ok
      ? 'the hash computed here differs from the approved one'
      : hash === null
        ? `nothing was frozen, so ${nothingToCompare}`
        : `computed again here: ${hash.slice(0, 16)}…`,
  };
};

/** A draft left out at the freeze was approved and stays so; all others must be in the batch as they were read. */
const approvalsAgree = (facts: SelfCheckFacts): Check => {
  const leftOut = new Set<string>(facts.leftOut.map(({ draftId }) => draftId));
  const drafts = new Map(facts.shown.map(({ actionId, draftId }) => [actionId, draftId]));
  return difference(
    'the batch holds exactly what the reviewer approved',
    [...facts.approvals].filter(([draftId]) => !leftOut.has(draftId)).map((pair) => pair.join(' ')),
    (facts.preview?.actions ?? []).map(
      ({ actionId, contentDigest }) => `${drafts.get(actionId) ?? actionId} ${contentDigest}`,
    ),
    ['approved by the reviewer', 'in the batch'],
  );
};

const digestsAgree = (facts: SelfCheckFacts): Check => {
  const actions = facts.preview?.actions ?? [];
  const shown = new Map(facts.shown.map((item) => [item.actionId, item]));
  const wrong = actions.filter(({ actionId, contentDigest }) => {
    const item = shown.get(actionId);
    if (item === undefined) return true;
    const { message } = item;
    return (
      sha256(canonicalJson(message)) !== contentDigest ||
      item.contentDigest !== contentDigest ||
      item.subject !== message.subject ||
      item.body !== message.body ||
      item.footer !== message.footer ||
      item.email.toLowerCase() !== message.recipient.email.toLowerCase()
    );
  });
  return {
    name: 'every digest is the digest of the message shown',
    ok: wrong.length === 0,
    detail:
      wrong.length > 0
        ? `${wrong.length} digests belong to another message${first(wrong.map(({ actionId }) => actionId))}`
        : actions.length === 0
          ? `no message was frozen, so ${nothingToCompare}`
          : `computed again here for ${actions.length} messages`,
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
      wrong.length > 0
        ? `${wrong.length} messages differ${first(wrong.map((entry) => entry.actionId ?? 'no action id'))}`
        : facts.handedOver.length === 0
          ? `the provider holds no message, so ${nothingToCompare}`
          : `recipient, subject and text of ${facts.handedOver.length} messages compared letter by letter`,
  };
};

/** The variables of a lead are what was handed over; what a person would get is what the campaign makes of them. */
const mailAgrees = (facts: SelfCheckFacts): Check => {
  const shown = new Map(facts.shown.map((item) => [item.actionId, item]));
  const wrong = facts.handedOver.filter(({ actionId, wouldMail }) => {
    const item = shown.get(actionId ?? '');
    if (item === undefined) return true;
    const { sender, settings } = item.message;
    return (
      wouldMail.from !== sender.email ||
      wouldMail.subject !== item.subject ||
      wouldMail.body !== textOf(item) ||
      wouldMail.openTracking !== settings.trackOpens ||
      wouldMail.linkTracking !== settings.trackClicks ||
      wouldMail.steps !== settings.followUps + 1
    );
  });
  return {
    name: 'what the provider would mail is what was shown',
    ok: wrong.length === 0,
    detail:
      wrong.length > 0
        ? `${wrong.length} messages would differ${first(wrong.map((entry) => entry.actionId ?? 'no action id'))}`
        : facts.handedOver.length === 0
          ? `the provider holds no message, so ${nothingToCompare}`
          : `sender, subject, text, tracking and number of ${facts.handedOver.length} messages as the campaign renders them`,
  };
};

const leadsPlaced = (facts: SelfCheckFacts): Check => {
  const drafted = facts.rows
    .filter(({ verdict }) => verdict === 'drafted')
    .map(({ email }) => (email ?? '').toLowerCase());
  const placed = [...facts.shown, ...facts.leftOut].map(({ email }) => email.toLowerCase());
  return difference(
    'every drafted lead is in the batch or left out',
    drafted,
    [...new Set(placed)],
    ['drafted', 'placed'],
  );
};

const oneTrail = ({ handedOver, correlationId }: SelfCheckFacts): Check => {
  const foreign = handedOver.filter((entry) => entry.correlationId !== correlationId);
  return {
    name: 'one correlation id from this command to the provider',
    ok: foreign.length === 0,
    detail:
      foreign.length > 0
        ? `${foreign.length} messages carry another id`
        : handedOver.length === 0
          ? `the provider holds no message, so ${nothingToCompare}`
          : `${correlationId} on all ${handedOver.length} messages`,
  };
};

/** Draws its own conclusion from independent sources; believes none of them alone. */
export const selfCheck = (facts: SelfCheckFacts): Check[] => {
  const actions = facts.preview?.actions ?? [];
  const handedOver = facts.handedOver.map((entry) => `${entry.actionId ?? ''} ${entry.contentDigest ?? ''}`);
  const receipts = facts.receipts.filter(({ outcome }) => outcome === 'handed_over' || outcome === 'left');
  return [
    rowsComplete(facts),
    hashAgrees(facts),
    approvalsAgree(facts),
    digestsAgree(facts),
    difference(
      'approved = admitted',
      actions.map(({ actionId }) => actionId),
      facts.admitted,
      ['approved', 'admitted'],
    ),
    difference(
      'approved = handed over',
      actions.map(({ actionId, contentDigest }) => `${actionId} ${contentDigest}`),
      handedOver,
      ['approved', 'handed over'],
    ),
    difference(
      'handed over = receipts',
      handedOver,
      receipts.map((receipt) => `${receipt.actionId} ${receipt.contentDigest}`),
      ['handed over', 'on receipts'],
    ),
    textsAgree(facts),
    mailAgrees(facts),
    leadsPlaced(facts),
    oneTrail(facts),
    { name: 'the audit holds', ...facts.audit },
  ];
};
