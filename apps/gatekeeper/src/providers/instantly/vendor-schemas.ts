import { z } from 'zod';

/** The parts of Instantly's answers that are relied on. Source: developer.instantly.ai, API v2. */

const text = z.string().nullish();

export const vendorLeadSchema = z.object({
  id: z.string().min(1),
  campaign: text,
  email: text,
  payload: z.record(z.string(), z.unknown()).nullish(),
  timestamp_last_contact: text,
});
export type VendorLead = z.infer<typeof vendorLeadSchema>;

/** A lead that was skipped comes back as a success without an id. */
export const addedLeadSchema = z.object({ id: z.string().min(1).optional() });

export const vendorCampaignSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  status: z.number(),
  timestamp_created: text,
  campaign_schedule: z
    .object({
      schedules: z.array(
        z.object({
          timing: z.object({ from: z.string(), to: z.string() }),
          days: z.record(z.string(), z.boolean().nullish()),
          timezone: z.string(),
        }),
      ),
    })
    .nullish(),
  sequences: z
    .array(
      z.object({
        steps: z.array(z.object({ variants: z.array(z.object({ subject: z.string(), body: z.string() })) })),
      }),
    )
    .nullish(),
  email_list: z.array(z.string()).nullish(),
  text_only: z.boolean().nullish(),
  open_tracking: z.boolean().nullish(),
  link_tracking: z.boolean().nullish(),
  stop_on_reply: z.boolean().nullish(),
  insert_unsubscribe_header: z.boolean().nullish(),
});
export type VendorCampaign = z.infer<typeof vendorCampaignSchema>;

/** Pages end with an empty one: the last page with data may still carry a cursor. */
export const leadPageSchema = z.object({ items: z.array(vendorLeadSchema), next_starting_after: text });
export const campaignPageSchema = z.object({
  items: z.array(vendorCampaignSchema),
  next_starting_after: text,
});

export const vendorErrorSchema = z.object({ message: z.string() });

export const campaignStatus = {
  draft: 0,
  active: 1,
  paused: 2,
  completed: 3,
  runningSubsequences: 4,
} as const;

/** In which a campaign mails what it is given. */
export const mailingStatuses: ReadonlySet<number> = new Set([
  campaignStatus.active,
  campaignStatus.runningSubsequences,
]);
