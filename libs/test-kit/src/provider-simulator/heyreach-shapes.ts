import { z } from 'zod';

/** The vendor's request bodies. It ignores fields it does not know, as its public API does. */

const page = {
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(100).default(10),
};

export const pageSchema = z.object({ ...page, keyword: z.string().optional() });

export const createListSchema = z.object({
  name: z.string().min(1),
  type: z.enum(['USER_LIST', 'COMPANY_LIST']).default('USER_LIST'),
});

/** A lead without profile, first or last name is dropped without a word; nothing else is checked. */
export const leadSchema = z.object({
  profileUrl: z.string().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  companyName: z.string().nullish(),
  position: z.string().nullish(),
  emailAddress: z.string().nullish(),
  customUserFields: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});
export type WantedLead = z.infer<typeof leadSchema>;

export const addLeadsSchema = z.object({
  listId: z.number().int(),
  leads: z.array(leadSchema).min(1).max(100),
});

export const leadsOfListSchema = z.object({
  listId: z.number().int(),
  ...page,
  leadProfileUrl: z.string().optional(),
});

export const deleteLeadsSchema = z.object({ listId: z.number().int(), profileUrls: z.array(z.string()) });

export const leadsOfCampaignSchema = z.object({ campaignId: z.number().int(), ...page });

export const stopLeadSchema = z.object({ campaignId: z.number().int(), leadUrl: z.string() });

export const addToCampaignSchema = z.object({
  campaignId: z.number().int(),
  accountLeadPairs: z.array(z.object({ lead: leadSchema })),
});

export const campaignStatuses = ['DRAFT', 'IN_PROGRESS', 'PAUSED', 'FINISHED'] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

export interface HeyreachLead {
  readonly id: number;
  readonly linkedin_id: string;
  readonly profileUrl: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly companyName: string | null;
  readonly emailAddress: string | null;
  /** Handed in as `customUserFields`, shown as `customFields`. */
  readonly customFields: readonly { readonly name: string; readonly value: string }[];
}

/** How an answer to an addition names what was taken; `none` leaves the counts out. */
export const countSpellings = ['addedLeadsCount', 'addedCount', 'leadsAdded', 'count', 'none'] as const;
export type CountSpelling = (typeof countSpellings)[number];
