import { emailHistoryQuerySchema, emailHistorySchema, recipientAddressOf } from '@caio/contracts';
import { parseQuery, requirePermission } from '@caio/service-kit';
import type { ActionStore, DraftStore } from '@caio/state-store';
import { Router } from 'express';
import type { CompanyRules } from '../../company-rules.ts';
import { campaignRefOf, classifierOf, type EmailViewRules } from '../../predecessor/email-view.ts';
import type { RulesInForce } from '../../rules-in-force.ts';

/** GET /api/emails/history: what was decided, and what became of it; every state in which nobody decides any more. */
export const listEmailHistoryRoute = (deps: {
  drafts: Pick<DraftStore, 'listDecided' | 'actionIdsOf'>;
  actions: Pick<ActionStore, 'receipts'>;
  company: Pick<CompanyRules, 'pack'>;
  rules: RulesInForce;
  providerOf: EmailViewRules['providerOf'];
}): Router =>
  Router().get('/api/emails/history', requirePermission('read'), async (req, res) => {
    const { limit } = parseQuery(req, emailHistoryQuerySchema);
    const { drafts } = await deps.drafts.listDecided(
      null,
      limit,
      ({ status }) => status !== 'pending' && status !== 'parked',
    );
    const batched = drafts.filter(({ status }) => status === 'batched');
    const actionIds = await deps.drafts.actionIdsOf(batched.map(({ draftId }) => draftId));
    const receipts = await deps.actions.receipts(actionIds.filter((id) => id !== null));
    const receiptOf = new Map(receipts.map((receipt) => [receipt.draftId, receipt]));
    const view = {
      pack: deps.company.pack,
      providerOf: deps.providerOf,
      deliveryModes: deps.rules.deliveryModes,
    };
    const emails = drafts.map((draft) => {
      const receipt = receiptOf.get(draft.draftId);
      return {
        email_id: draft.draftId,
        to: recipientAddressOf(draft.message),
        subject: draft.message.subject,
        status: receipt?.outcome ?? draft.status,
        status_reason: receipt?.reason ?? null,
        reviewed_at: draft.reviewedAt,
        reviewer: draft.reviewedBy,
        feedback: draft.decisions.at(-1)?.reason ?? '',
        rejection_reason: draft.rejection?.reason ?? null,
        rejection_tag: draft.rejection?.tag ?? null,
        campaign_ref: campaignRefOf(draft),
        classifier: classifierOf(draft, view),
      };
    });
    res.json(emailHistorySchema.parse({ emails, count: emails.length }));
  });
