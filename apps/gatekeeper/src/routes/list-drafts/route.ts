import {
  type Bar,
  type Draft,
  draftAnswerSchema,
  draftListSchema,
  draftParamsSchema,
  type DraftSummary,
  draftSummaryListSchema,
  listDraftsQuerySchema,
  type Tier,
  headingOf,
  recipientAddressOf,
} from '@caio/contracts';
import { parseParams, parseQuery, requirePermission, respondError } from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { type Request, Router } from 'express';
import type { ReadBars } from '../../use-cases/read-bars.ts';

type Shown = Draft & { readonly barred: Bar | null };

const filterOf = (tier: Tier | null, text: string | null): ((draft: Draft) => boolean) | null => {
  if (tier === null && text === null) return null;
  const wanted = text?.toLowerCase() ?? '';
  return ({ judgement, lead, message: { subject, recipient } }) =>
    (tier === null || judgement.tier === tier) &&
    [subject, recipient.email, recipient.name, recipient.company, lead.title].some((field) =>
      (field ?? '').toLowerCase().includes(wanted),
    );
};

const summaryOf = ({
  draftId,
  status,
  message,
  lead,
  judgement,
  createdAt,
  barred,
}: Shown): DraftSummary => ({
  barred,
  draftId,
  status,
  email: recipientAddressOf(message),
  name: message.recipient.name,
  company: message.recipient.company,
  title: lead.title,
  subject: headingOf(message),
  tier: judgement.tier,
  createdAt,
});

/** GET /api/drafts, /api/draft-summaries and /api/drafts/:draftId: what waits, and how much of everything there is. */
export const listDraftsRoute = (deps: { drafts: DraftStore; readBars: ReadBars }): Router => {
  const shown = async (drafts: readonly Draft[]): Promise<Shown[]> => {
    const bars = await deps.readBars(drafts.map(({ lead }) => lead));
    return drafts.map((draft, index) => ({ ...draft, barred: bars[index] ?? null }));
  };
  const pageFor = async (req: Request) => {
    const { status, order, tier, text, cursor, limit } = parseQuery(req, listDraftsQuerySchema);
    const matches = filterOf(tier ?? null, text ?? null);
    const { drafts, nextCursor } = await deps.drafts.list(status, cursor ?? null, limit, {
      order,
      ...(matches === null ? {} : { matches }),
    });
    return { drafts: await shown(drafts), nextCursor };
  };
  return Router()
    .get('/api/drafts', requirePermission('read'), async (req, res) => {
      const page = await pageFor(req);
      res.json(draftListSchema.parse({ ...page, counts: await deps.drafts.counts() }));
    })
    .get('/api/draft-summaries', requirePermission('read'), async (req, res) => {
      const { drafts, nextCursor } = await pageFor(req);
      const counts = await deps.drafts.counts();
      res.json(draftSummaryListSchema.parse({ drafts: drafts.map(summaryOf), nextCursor, counts }));
    })
    .get('/api/drafts/:draftId', requirePermission('read'), async (req, res) => {
      const { draftId } = parseParams(req, draftParamsSchema);
      const draft = await deps.drafts.read(draftId);
      if (draft === null)
        return respondError(res, 'not_found', { message: 'There is no draft with this id.' });
      res.json(draftAnswerSchema.parse({ draft: (await shown([draft]))[0] }));
    });
};
