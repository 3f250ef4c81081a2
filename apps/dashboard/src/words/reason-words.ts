import {
  activationReasons,
  admissionReasons,
  fileRefusals,
  intakeReasons,
  judgementSentenceOf,
  leftOutReasons,
  type OutcomeReason,
  refusedReasons,
  releasedReasons,
  rowReasons,
  settledReasons,
  takeBackReasons,
  unknownReasons,
} from '@caio/contracts';

type Table = Readonly<Record<string, OutcomeReason>>;

/** A person's own words are shown as they are. */
const unexplained = (code: string): OutcomeReason => ({
  meaning: /^[a-z0-9_]+$/.test(code) ? `Reason code ${code}.` : `“${code}”`,
  next: '',
});

const lookUp = (code: string, tables: readonly Table[]): OutcomeReason => {
  for (const table of tables) {
    const found = Object.hasOwn(table, code) ? table[code] : undefined;
    if (found !== undefined) return found;
  }
  return unexplained(code);
};

const receiptTables: readonly Table[] = [
  admissionReasons,
  refusedReasons,
  releasedReasons,
  unknownReasons,
  settledReasons,
  takeBackReasons,
  activationReasons,
];

/** Why a receipt is as it is. A code of another version of the program is shown as it is. */
export const receiptReason = (code: string): OutcomeReason => lookUp(code, receiptTables);

/** Why a freeze left a draft out; `status_pending` names the state behind the prefix. */
export const leftOutReason = (code: string): OutcomeReason => {
  if (!code.startsWith('status_')) return lookUp(code, [leftOutReasons]);
  return {
    meaning: `The draft is ${code.slice('status_'.length)}, not approved.`,
    next: leftOutReasons.status_.next,
  };
};

/** Why a row or a draft was not taken: by the gate, by the import, by the judgement of the lead or by a guard. */
export const rowReason = (code: string): string => {
  const known = lookUp(code, [intakeReasons, rowReasons, fileRefusals]);
  if (known.meaning !== unexplained(code).meaning) return known.meaning;
  return judgementSentenceOf(code) ?? `A check of the text refused it: ${code.replaceAll('_', ' ')}.`;
};

/** One reason of a judgement as a sentence. */
export const judgementSentence = (code: string): string =>
  judgementSentenceOf(code) ?? unexplained(code).meaning;
