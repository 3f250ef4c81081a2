import { actionsOf, audit, endIfDone, type ModelBatch, type ModelDraft, type ModelState } from './state.ts';

export interface Submission {
  readonly draftId: string;
  readonly motion: string;
  readonly persons: readonly string[];
  readonly exclusionKeys: readonly string[];
  readonly digest: string;
  readonly outcome: 'accepted' | 'parked' | 'disqualified';
  readonly source: string;
  readonly submission: string;
}

/** A draft keeps others from its person, unless its message is known not to have been sent. */
const keepsOthersAway = (state: ModelState, draftId: string): boolean => {
  const draft = state.drafts.get(draftId);
  if (draft === undefined || draft.status !== 'batched') return true;
  const action = state.actions.get(draft.actionId);
  return action === undefined || !['blocked', 'refused', 'taken_back'].includes(action.status);
};

/** Answers `<outcome> <draft or nothing> <reason or nothing>`. */
export const submit = (state: ModelState, one: Submission): string => {
  const before = state.answers.get(one.source);
  if (before !== undefined) {
    if (before.submission === one.submission) return before.answer;
    return `duplicate ${before.answer.split(' ')[1] ?? ''} source_key_used`;
  }
  const finish = (outcome: string, draftId: string, reason: string): string => {
    const answer = `${outcome} ${draftId} ${reason}`;
    state.answers.set(one.source, { submission: one.submission, answer });
    audit(state, `draft.${outcome}`, draftId, JSON.stringify([reason]), outcome);
    return answer;
  };
  if (one.persons.some((person) => state.suppressed.has(person))) return finish('excluded', '', 'suppressed');
  if (one.exclusionKeys.some((key) => state.excluded.has(key))) return finish('excluded', '', 'excluded');
  if (one.outcome === 'disqualified') return finish('disqualified', '', 'title_ceo');
  for (const person of one.persons) {
    const other = state.personDrafts.get(`${one.motion} ${person}`);
    if (other !== undefined && keepsOthersAway(state, other))
      return finish('duplicate', other, 'person_has_draft');
  }
  state.drafts.set(one.draftId, {
    ...{ draftId: one.draftId, motion: one.motion, persons: one.persons, exclusionKeys: one.exclusionKeys },
    ...{
      digest: one.digest,
      status: one.outcome === 'accepted' ? 'pending' : 'parked',
      batchId: '',
      actionId: '',
    },
  });
  for (const person of one.persons) state.personDrafts.set(`${one.motion} ${person}`, one.draftId);
  return finish(one.outcome, one.draftId, 'title_ceo');
};

const decisions: Readonly<Record<string, { from: readonly string[]; to: string }>> = {
  approve: { from: ['pending'], to: 'approved' },
  recall: { from: ['approved'], to: 'pending' },
  edit: { from: ['pending', 'parked'], to: 'pending' },
  park: { from: ['pending', 'parked'], to: 'parked' },
  reject: { from: ['pending', 'parked'], to: 'rejected' },
  withdraw: { from: ['pending', 'parked', 'approved'], to: 'withdrawn' },
  expire: { from: ['pending', 'parked', 'approved'], to: 'expired' },
};

/** `seen` is the digest that was on the screen, `text` the one it gets by an edit. */
export const decide = (
  state: ModelState,
  draftId: string,
  command: string,
  seen: string,
  text: string,
): string => {
  const draft = state.drafts.get(draftId);
  const decision = decisions[command];
  if (draft === undefined || decision === undefined) return 'not_found';
  if (!decision.from.includes(draft.status)) return 'state_conflict';
  if (seen !== draft.digest) return 'stale_digest';
  draft.status = decision.to;
  if (command === 'edit') draft.digest = text;
  if (['rejected', 'withdrawn', 'expired'].includes(draft.status))
    for (const person of draft.persons)
      if (state.personDrafts.get(`${draft.motion} ${person}`) === draftId)
        state.personDrafts.delete(`${draft.motion} ${person}`);
  audit(state, `draft.${command}`, draftId, 'a_reason', decision.to);
  return 'done';
};

export interface Freeze {
  readonly batchId: string;
  readonly previewHash: string;
  readonly ledger: 'sandbox' | 'real';
  readonly mode: string;
  readonly tier: string;
  readonly drafts: readonly {
    readonly draftId: string;
    readonly digest: string;
    readonly actionId: string;
  }[];
}

export const freeze = (state: ModelState, one: Freeze): string => {
  const drafts: { draft: ModelDraft; actionId: string }[] = [];
  for (const { draftId, digest, actionId } of one.drafts) {
    const draft = state.drafts.get(draftId);
    if (draft?.status !== 'approved' || draft.digest !== digest) return 'draft_moved';
    drafts.push({ draft, actionId });
  }
  for (const { draft, actionId } of drafts) {
    Object.assign(draft, { status: 'batched', batchId: one.batchId, actionId });
    state.actions.set(actionId, {
      ...{ actionId, draftId: draft.draftId, batchId: one.batchId, ledger: one.ledger, mode: one.mode },
      ...{ tier: one.tier, digest: draft.digest, persons: draft.persons, exclusionKeys: draft.exclusionKeys },
      ...{ status: 'frozen', reason: '', attemptId: '', attempts: 0, releases: 0, reserved: [], holding: [] },
    });
  }
  state.batches.set(one.batchId, {
    ...{
      batchId: one.batchId,
      previewHash: one.previewHash,
      actionIds: drafts.map(({ actionId }) => actionId),
    },
    ...{ status: 'pending', past: false, late: false, fence: 0, executionId: '' },
  });
  audit(state, 'batch.frozen', one.batchId, '', 'pending');
  return 'frozen';
};

/** The drafts of a batch that will not run are approved still. */
const giveDraftsBack = (state: ModelState, batch: ModelBatch): void => {
  for (const { status, draftId } of actionsOf(state, batch)) {
    const draft = state.drafts.get(draftId);
    if (status === 'frozen' && draft?.status === 'batched')
      Object.assign(draft, { status: 'approved', batchId: '' });
  }
};

const close = (state: ModelState, batch: ModelBatch, to: string, code: string): void => {
  batch.status = to;
  giveDraftsBack(state, batch);
  audit(state, `batch.${to}`, batch.batchId, code, to);
};

export const changeBatch = (
  state: ModelState,
  batch: ModelBatch,
  command: 'approve' | 'reject' | 'revoke' | 'expire',
  hash: string,
): string => {
  const from = {
    approve: ['pending'],
    reject: ['pending'],
    revoke: ['approved'],
    expire: ['pending', 'approved'],
  };
  if (!from[command].includes(batch.status)) return 'state_conflict';
  if (command === 'expire' && !batch.past) return 'state_conflict';
  if (command !== 'approve') {
    close(state, batch, { reject: 'rejected', revoke: 'revoked', expire: 'expired' }[command], 'a_reason');
    return 'done';
  }
  if (batch.past) {
    close(state, batch, 'expired', 'batch_expired');
    return 'batch_expired';
  }
  if (hash !== batch.previewHash) return 'hash_mismatch';
  batch.status = 'approved';
  audit(state, 'batch.approved', batch.batchId, batch.previewHash, 'approved');
  return 'done';
};

export interface Claim {
  readonly executionId: string;
  readonly hash: string;
  readonly rules: 'same' | 'policy' | 'pack' | 'mode' | 'allowList' | 'stopped';
}

export const claim = (state: ModelState, batch: ModelBatch, one: Claim): string => {
  if (batch.status !== 'approved') return 'state_conflict';
  if (state.halted || one.rules === 'stopped') return 'halted';
  if (batch.past) {
    close(state, batch, 'expired', 'batch_expired');
    return 'batch_expired';
  }
  if (one.hash !== batch.previewHash) {
    audit(state, 'alarm', batch.batchId, 'hash_mismatch', '');
    return 'hash_mismatch';
  }
  if (one.rules === 'policy' || one.rules === 'pack') return 'policy_changed';
  if (one.rules === 'mode' || one.rules === 'allowList') return 'mode_changed';
  state.fences += 1;
  Object.assign(batch, { status: 'executing', fence: state.fences, executionId: one.executionId });
  for (const action of actionsOf(state, batch)) if (action.status === 'frozen') action.status = 'queued';
  audit(state, 'batch.claimed', one.executionId, '', 'executing');
  endIfDone(state, batch);
  return 'claimed';
};
