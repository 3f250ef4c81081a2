import {
  type Bar,
  type Draft,
  listPendingEmailsQuerySchema,
  pendingEmailsSchema,
  recipientAddressOf,
} from '@caio/contracts';
import { parseQuery, requirePermission } from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { Router } from 'express';
import type { CompanyRules } from '../../company-rules.ts';
import { type EmailViewRules, parkedReasonsOf, pendingEmailOf } from '../../predecessor/email-view.ts';
import type { RulesInForce } from '../../rules-in-force.ts';
import type { ReadBars } from '../../use-cases/read-bars.ts';

const examplesMax = 5;

const exampleOf = (draft: Draft, bar: Bar | null) => ({
  email_id: draft.draftId,
  tier: draft.judgement.tier ?? 'tier_4',
  to: recipientAddressOf(draft.message),
  timestamp: draft.createdAt,
  reasons: bar === null ? parkedReasonsOf(draft) : [bar],
});

/** GET /api/pending-emails: what waits for a review, as the former dashboard asks for it. Reads and nothing else. */
export const listPendingEmailsRoute = (deps: {
  readBars: ReadBars;
  drafts: Pick<DraftStore, 'list' | 'counts' | 'parkedByReason'>;
  company: Pick<CompanyRules, 'pack'>;
  rules: RulesInForce;
  providerOf: EmailViewRules['providerOf'];
  now: () => number;
}): Router =>
  Router().get('/api/pending-emails', requirePermission('read'), async (req, res) => {
    const { include_non_dispatchable: withParked, limit } = parseQuery(req, listPendingEmailsQuerySchema);
    const newest = { order: 'newest' } as const;
    const pending = await deps.drafts.list('pending', null, limit, newest);
    const parked = await deps.drafts.list('parked', null, Math.max(examplesMax, limit), newest);
    const counts = await deps.drafts.counts();
    const room = limit - pending.drafts.length;
    const shown = [...pending.drafts, ...(withParked ? parked.drafts.slice(0, room) : [])];
    const excluded = withParked ? Math.max(0, counts.parked - room) : counts.parked;
    const view = {
      pack: deps.company.pack,
      providerOf: deps.providerOf,
      deliveryModes: deps.rules.deliveryModes,
    };
    const examples = parked.drafts.slice(withParked ? room : 0).slice(0, examplesMax);
    const bars = await deps.readBars(examples.map(({ lead }) => lead));
    res.setHeader('Cache-Control', 'no-store, no-cache, must-revalidate, max-age=0');
    res.setHeader('Pragma', 'no-cache');
    res.setHeader('Expires', '0');
    res.json(
      pendingEmailsSchema.parse({
        pending_emails: shown.map((draft) => pendingEmailOf(draft, view)),
        count: shown.length,
        total_pending: counts.pending,
        not_shown: Math.max(0, counts.pending - pending.drafts.length),
        synced_from_gatekeeper: 0,
        refreshed_at: new Date(deps.now()).toISOString(),
        _shadow_queue_debug: {
          prefix: deps.rules.environment,
          redis_connected: true,
          redis_returned: shown.length,
          filesystem_pending: 0,
          filesystem_merge_enabled: false,
          merged_count: shown.length,
          queue_tier_filter: null,
          queue_max_age_hours: null,
          include_non_dispatchable: withParked,
          excluded_non_actionable_count: excluded,
          excluded_non_actionable_reasons: await deps.drafts.parkedByReason(deps.readBars),
          excluded_non_actionable_examples: examples.map((draft, index) =>
            exampleOf(draft, bars[index] ?? null),
          ),
        },
      }),
    );
  });
