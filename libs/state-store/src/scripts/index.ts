import { defineScript } from '../script.ts';
import acceptDraftSource from './accept-draft-11.lua';
import admitActionSource from './admit-action-20.lua';
import admitActivationSource from './admit-activation-10.lua';
import adoptFindingSource from './adopt-finding-9.lua';
import applyCustomersSource from './apply-customers-5.lua';
import appendSealSource from './append-seal-2.lua';
import blankActionSource from './blank-action-4.lua';
import changeBatchSource from './change-batch-7.lua';
import changeDraftSource from './change-draft-6.lua';
import changeExclusionsSource from './change-exclusions-2.lua';
import claimBatchSource from './claim-batch-11.lua';
import claimDueSource from './claim-due-1.lua';
import dropDraftSource from './drop-draft-6.lua';
import erasePersonSource from './erase-person-8.lua';
import finishRecoverySource from './finish-recovery-2.lua';
import freezeBatchSource from './freeze-batch-8.lua';
import leaveActionSource from './leave-action-7.lua';
import importListSource from './import-list-2.lua';
import liftSuppressionSource from './lift-suppression-4.lua';
import lookAtAuditSource from './look-at-audit-5.lua';
import loseActionsSource from './lose-actions-5.lua';
import noteStandingSource from './note-standing-1.lua';
import noteTakeBackSource from './note-take-back-2.lua';
import openTakeBackSource from './open-take-back-3.lua';
import noteCustomersSource from './note-customers-3.lua';
import appendAudit from './parts/append-audit.lua';
import askProvider from './parts/ask-provider.lua';
import closeBatch from './parts/close-batch.lua';
import closeRampDaySource from './close-ramp-day-4.lua';
import graduateRampSource from './graduate-ramp-3.lua';
import countChange from './parts/count-change.lua';
import nowMs from './parts/now-ms.lua';
import releaseDrafts from './parts/release-drafts.lua';
import wakeWaiting from './parts/wake-waiting.lua';
import recordOrderSource from './record-order-1.lua';
import recordPauseSource from './record-pause-2.lua';
import reportProvider from './parts/report-provider.lua';
import recallBatchSource from './recall-batch-6.lua';
import registerStoreSource from './register-store-3.lua';
import retireAuditSource from './retire-audit-4.lua';
import setHaltSource from './set-halt-2.lua';
import settleActionSource from './settle-action-10.lua';
import settleActivationSource from './settle-activation-5.lua';
import stageActionSource from './stage-action-1.lua';
import suppressPersonSource from './suppress-person-2.lua';
import takeBackActionSource from './take-back-action-7.lua';
import takeDueActionsSource from './take-due-actions-2.lua';

/** All scripts with the parts they call; a part must come before the one that uses it. */
export const scripts = {
  acceptDraft: defineScript('accept-draft-11', acceptDraftSource, nowMs, appendAudit),
  admitAction: defineScript(
    'admit-action-20',
    admitActionSource,
    nowMs,
    askProvider,
    wakeWaiting,
    appendAudit,
    countChange,
    closeBatch,
  ),
  admitActivation: defineScript(
    'admit-activation-10',
    admitActivationSource,
    nowMs,
    appendAudit,
    countChange,
  ),
  adoptFinding: defineScript(
    'adopt-finding-9',
    adoptFindingSource,
    nowMs,
    appendAudit,
    countChange,
    closeBatch,
  ),
  applyCustomers: defineScript('apply-customers-5', applyCustomersSource, nowMs, appendAudit),
  appendSeal: defineScript('append-seal-2', appendSealSource),
  blankAction: defineScript('blank-action-4', blankActionSource),
  changeBatch: defineScript(
    'change-batch-7',
    changeBatchSource,
    nowMs,
    appendAudit,
    countChange,
    releaseDrafts,
  ),
  changeDraft: defineScript('change-draft-6', changeDraftSource, nowMs, appendAudit),
  changeExclusions: defineScript('change-exclusions-2', changeExclusionsSource, nowMs, appendAudit),
  claimBatch: defineScript(
    'claim-batch-11',
    claimBatchSource,
    nowMs,
    appendAudit,
    countChange,
    releaseDrafts,
    closeBatch,
  ),
  claimDue: defineScript('claim-due-1', claimDueSource, nowMs),
  closeRampDay: defineScript('close-ramp-day-4', closeRampDaySource, nowMs, appendAudit),
  graduateRamp: defineScript('graduate-ramp-3', graduateRampSource, nowMs, appendAudit),
  dropDraft: defineScript('drop-draft-6', dropDraftSource),
  erasePerson: defineScript('erase-person-8', erasePersonSource, nowMs, appendAudit),
  finishRecovery: defineScript('finish-recovery-2', finishRecoverySource, nowMs, appendAudit),
  freezeBatch: defineScript('freeze-batch-8', freezeBatchSource, nowMs, appendAudit, countChange),
  leaveAction: defineScript('leave-action-7', leaveActionSource, nowMs, appendAudit, countChange, closeBatch),
  importList: defineScript('import-list-2', importListSource, nowMs, appendAudit),
  liftSuppression: defineScript('lift-suppression-4', liftSuppressionSource, nowMs, appendAudit),
  lookAtAudit: defineScript('look-at-audit-5', lookAtAuditSource, nowMs),
  loseActions: defineScript('lose-actions-5', loseActionsSource, nowMs, appendAudit, countChange),
  recordOrder: defineScript('record-order-1', recordOrderSource, nowMs, appendAudit),
  recordPause: defineScript('record-pause-2', recordPauseSource, nowMs, appendAudit),
  noteTakeBack: defineScript('note-take-back-2', noteTakeBackSource, nowMs),
  noteStanding: defineScript('note-standing-1', noteStandingSource, nowMs),
  openTakeBack: defineScript('open-take-back-3', openTakeBackSource, nowMs, appendAudit),
  noteCustomers: defineScript('note-customers-3', noteCustomersSource, nowMs, appendAudit),
  recallBatch: defineScript('recall-batch-6', recallBatchSource, nowMs, appendAudit, countChange, closeBatch),
  registerStore: defineScript('register-store-3', registerStoreSource, nowMs, appendAudit),
  retireAudit: defineScript('retire-audit-4', retireAuditSource, nowMs, appendAudit),
  setHalt: defineScript('set-halt-2', setHaltSource, nowMs, appendAudit),
  settleAction: defineScript(
    'settle-action-10',
    settleActionSource,
    nowMs,
    reportProvider,
    wakeWaiting,
    appendAudit,
    countChange,
    closeBatch,
  ),
  settleActivation: defineScript(
    'settle-activation-5',
    settleActivationSource,
    nowMs,
    appendAudit,
    countChange,
  ),
  stageAction: defineScript('stage-action-1', stageActionSource),
  suppressPerson: defineScript('suppress-person-2', suppressPersonSource, nowMs, appendAudit),
  takeBackAction: defineScript(
    'take-back-action-7',
    takeBackActionSource,
    nowMs,
    appendAudit,
    countChange,
    closeBatch,
  ),
  takeDueActions: defineScript('take-due-actions-2', takeDueActionsSource, nowMs),
} as const;
