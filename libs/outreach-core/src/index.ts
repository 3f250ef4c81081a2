export { RecordSplitter, recordLengthMax } from './csv/record-splitter.ts';
export type { CsvProblem, CsvRecord } from './csv/record-splitter.ts';
export { domainWithParents, normaliseDomain, registrableDomainOf } from './identity/domain.ts';
export { emailKeyOf, foldPlusTag } from './identity/email-key.ts';
export type { EmailKey } from './identity/email-key.ts';
export { normaliseExclusionKey } from './identity/exclusion-key.ts';
export type { NormalisedExclusion } from './identity/exclusion-key.ts';
export { linkedinKeyOf, linkedinUrlOf } from './identity/linkedin-key.ts';
export { isDisposable, isFreeMail, isRoleMailbox } from './identity/mailbox-kind.ts';
export {
  exclusionKeysOf,
  identityKeysOf,
  suppressionKeysOf,
  suppressionKeysOfKey,
} from './identity/person-keys.ts';
export type { PersonNames } from './identity/person-keys.ts';
export { readCount, readMoney } from './lead-import/amount.ts';
export type { AmountReading } from './lead-import/amount.ts';
export { cleanText, excerptOf } from './lead-import/cell-text.ts';
export { readCompanyDomain } from './lead-import/company-domain.ts';
export type { CompanyDomainReading } from './lead-import/company-domain.ts';
export { readEmailStatus } from './lead-import/email-status.ts';
export {
  columnMappingOf,
  ignoredColumnsOf,
  recogniseHeader,
  withLaterColumns,
} from './lead-import/header.ts';
export type { HeaderMapping, HeaderReading, MapProblem } from './lead-import/header.ts';
export { leadColumns } from './lead-import/lead-columns.ts';
export type { LeadColumn } from './lead-import/lead-columns.ts';
export { readExclusionList, readSuppressionList } from './list-import/barred-list.ts';
export type { ListReading, ListRow, UnreadableCell } from './list-import/list-table.ts';
export { readLead } from './lead-import/lead-row.ts';
export type { LeadReading } from './lead-import/lead-row.ts';
export { splitName } from './lead-import/person-name.ts';
export { compileCopyPack } from './copy-pack/compiled-copy-pack.ts';
export type { CompiledCopyPack, CompiledPackOutcome } from './copy-pack/compiled-copy-pack.ts';
export { copyPackBytes } from './copy-pack/copy-pack-bytes.ts';
export type { PackProblem } from './copy-pack/pack-problem.ts';
export { composeMessage } from './drafting/compose-message.ts';
export type { ComposeOutcome, ComposeRequest } from './drafting/compose-message.ts';
export type { Drafter, DraftRequest, DraftText, Evidence, NoDraft } from './drafting/drafter.ts';
export { messageBytes } from './drafting/message-bytes.ts';
export { createPackDrafter } from './drafting/pack-drafter.ts';
export { claimsStillMade } from './guards/claim-support.ts';
export { draftFingerprint } from './guards/draft-fingerprint.ts';
export { encodedHeaderTextsOf } from './guards/encoded-header-text.ts';
export { failedRules, guardDraft } from './guards/guard-draft.ts';
export type { GuardInput } from './guards/guard-input.ts';
export { guardRules } from './guards/guard-rules.ts';
export type { GuardRule, GuardRuleId } from './guards/guard-rules.ts';
export { parseTitle } from './titles/parsed-title.ts';
export { createLeadJudge, explainJudgement, judgeLead } from './icp/lead-judgement.ts';
export { titleFitOf } from './icp/title-fit.ts';
export type { TitleFit } from './icp/title-fit.ts';
