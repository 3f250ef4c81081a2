import { z } from 'zod';

/** The parts of HeyReach's answers that are relied on. Source: its public API and what it was seen to answer. */

const id = z.union([z.number().int(), z.string().min(1)]).transform(String);
const text = z.string().nullish();
const count = z.number().int().nonnegative().nullish();

export const vendorListSchema = z.object({ id, name: z.string() });
export type VendorList = z.infer<typeof vendorListSchema>;

/** A new list is named by `id` or by `listId`. */
export const createdListSchema = z.union([
  z.object({ id }),
  z.object({ listId: id }).transform(({ listId }) => ({ id: listId })),
]);

export const vendorLeadSchema = z.object({
  id: id.nullish(),
  linkedin_id: text,
  profileUrl: text,
  /** Handed in as `customUserFields`. */
  customFields: z.array(z.object({ name: z.string(), value: text })).nullish(),
});
export type VendorLead = z.infer<typeof vendorLeadSchema>;

export const vendorCampaignSchema = z.object({
  id,
  status: z.string(),
  linkedInUserListId: id.nullish(),
});
export type VendorCampaign = z.infer<typeof vendorCampaignSchema>;

/** The three words are independent of each other: one that failed in the campaign may still have been written to. */
export const campaignLeadSchema = z.object({
  leadConnectionStatus: text,
  leadMessageStatus: text,
  leadCampaignStatus: text,
  linkedInUserProfile: z.object({ profileUrl: text }).nullish(),
});
export type CampaignLead = z.infer<typeof campaignLeadSchema>;

export const pageSchema = <S extends z.ZodType>(item: S) =>
  z.object({ totalCount: z.number().int().nonnegative(), items: z.array(item) });

/** How many were taken, in each of the spellings this vendor has used; without any of them it said nothing. */
export const addedLeadsSchema = z
  .object({
    addedLeadsCount: count,
    updatedLeadsCount: count,
    addedCount: count,
    leadsAdded: count,
    count,
  })
  .nullish()
  .transform((answer) => {
    const added = answer?.addedLeadsCount ?? answer?.addedCount ?? answer?.leadsAdded ?? answer?.count;
    return { taken: added == null ? null : added + (answer?.updatedLeadsCount ?? 0) };
  });

/** Answers whose content nothing depends on; some are empty. */
export const anyAnswerSchema = z.unknown();

export const vendorErrorSchema = z
  .object({ errorMessage: z.string().optional(), message: z.string().optional() })
  .transform(({ errorMessage, message }) => errorMessage ?? message ?? '');
