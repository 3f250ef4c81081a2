import { createHash } from 'node:crypto';
import { type Draft, type DraftSubmission, type Lead, textOf } from '@caio/contracts';
import { type createPackDrafter, identityKeysOf } from '@caio/outreach-core';
import { buildLead } from '@caio/test-kit';

/** What a person approved, by the word of the screen, before anything was frozen. */
export interface ApprovedDraft {
  readonly draftId: string;
  readonly contentDigest: string;
  readonly email: string;
  readonly subject: string;
  readonly text: string;
  readonly personKeys: readonly string[];
  /** Which of the scenario's batches it is meant for. */
  readonly batch: number;
}

const leadOf = (number: number, batch: number, profile: number): Lead => {
  const domain = `company-${number}.example`;
  return buildLead({
    email: `ada.holm.${batch}@${domain}`,
    firstName: 'Ada',
    lastName: 'Holm',
    fullName: 'Ada Holm',
    title: 'CEO',
    company: `Company ${number} Agency`,
    companyDomain: domain,
    industry: 'Marketing & Advertising',
    employees: { min: 120, max: 120 },
    revenueUsd: { min: 30_000_000, max: 30_000_000 },
    linkedinUrl: `https://www.linkedin.com/in/ada-holm-${profile}`,
  });
};

/** One text for each person of each batch. With `shared` the first person of every batch is the same one. */
export const submissionsOf = async (
  drafter: ReturnType<typeof createPackDrafter>,
  batches: readonly number[],
  shared: boolean,
): Promise<{ submission: DraftSubmission; batch: number }[]> => {
  const all: { submission: DraftSubmission; batch: number }[] = [];
  let number = 0;
  for (const [batch, count] of batches.entries()) {
    for (let place = 0; place < count; place += 1) {
      number += 1;
      const lead = leadOf(number, batch, shared && place === 0 ? 1 : number);
      const text = await drafter.draft({
        lead,
        tier: 'tier_1',
        motion: 'outbound',
        step: 1,
        evidence: [],
        takenTemplateIds: [],
      });
      if (!text.ok) throw new Error(`no text for a person of the scenario: ${text.message}`);
      all.push({
        batch,
        submission: {
          sourceKey: `key-${createHash('sha256').update(`${batch} ${place}`).digest('hex').slice(0, 24)}`,
          motion: 'outbound',
          channel: 'email',
          lead,
          subject: text.subject,
          body: text.body,
          claims: text.claims,
          templateId: text.templateId,
        },
      });
    }
  }
  return all;
};

export const approvedDraftOf = (draft: Draft, batch: number): ApprovedDraft => ({
  draftId: draft.draftId,
  contentDigest: draft.contentDigest,
  email: draft.message.recipient.email,
  subject: draft.message.subject,
  text: textOf(draft.message),
  personKeys: identityKeysOf({
    email: draft.message.recipient.email,
    linkedinUrl: draft.message.recipient.linkedinUrl,
  }),
  batch,
});
