import { z } from 'zod';
import { vendorTimezones } from './vendor-timezones.ts';

/** The vendor's request bodies, as strict as its own documentation: an unknown field is a 400. */

const hour = z.string().regex(/^([01][0-9]|2[0-3]):([0-5][0-9])$/);

export const createCampaignSchema = z.strictObject({
  name: z.string().min(1),
  campaign_schedule: z.strictObject({
    start_date: z.string().nullish(),
    end_date: z.string().nullish(),
    schedules: z
      .array(
        z.strictObject({
          name: z.string(),
          timing: z.strictObject({ from: hour, to: hour }),
          days: z
            .partialRecord(z.enum(['0', '1', '2', '3', '4', '5', '6']), z.boolean())
            .refine((days) => Object.keys(days).length > 0, 'must name a day'),
          timezone: z
            .string()
            .refine((zone) => vendorTimezones.has(zone), 'must be one of the allowed values'),
        }),
      )
      .min(1),
  }),
  sequences: z
    .array(
      z.strictObject({
        steps: z.array(
          z.strictObject({
            type: z.literal('email'),
            delay: z.number(),
            delay_unit: z.enum(['minutes', 'hours', 'days']).optional(),
            variants: z.array(
              z.strictObject({ subject: z.string(), body: z.string(), v_disabled: z.boolean().optional() }),
            ),
          }),
        ),
      }),
    )
    .optional(),
  email_gap: z.number().nullish(),
  random_wait_max: z.number().nullish(),
  text_only: z.boolean().nullish(),
  first_email_text_only: z.boolean().nullish(),
  email_list: z.array(z.string()).optional(),
  daily_limit: z.number().nullish(),
  daily_max_leads: z.number().int().nonnegative().nullish(),
  stop_on_reply: z.boolean().nullish(),
  stop_on_auto_reply: z.boolean().nullish(),
  stop_for_company: z.boolean().nullish(),
  link_tracking: z.boolean().nullish(),
  open_tracking: z.boolean().optional(),
  prioritize_new_leads: z.boolean().nullish(),
  match_lead_esp: z.boolean().nullish(),
  insert_unsubscribe_header: z.boolean().nullish(),
  allow_risky_contacts: z.boolean().nullish(),
  disable_bounce_protect: z.boolean().nullish(),
});
export type CreateCampaign = z.infer<typeof createCampaignSchema>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const createLeadSchema = z.strictObject({
  campaign: z.string(),
  email: z.string().min(1),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  company_name: z.string().nullish(),
  job_title: z.string().nullish(),
  website: z.string().nullish(),
  phone: z.string().nullish(),
  personalization: z.string().nullish(),
  skip_if_in_workspace: z.boolean().optional(),
  skip_if_in_campaign: z.boolean().optional(),
  skip_if_in_list: z.boolean().optional(),
  custom_variables: z.record(z.string(), scalar).optional(),
});
export type CreateLead = z.infer<typeof createLeadSchema>;

export const listLeadsSchema = z.strictObject({
  campaign: z.string().optional(),
  contacts: z.array(z.string()).optional(),
  ids: z.array(z.string()).optional(),
  search: z.string().optional(),
  limit: z.number().int().min(1).max(100).default(10),
  starting_after: z.string().optional(),
});
export type ListLeads = z.infer<typeof listLeadsSchema>;

export const deleteLeadsSchema = z.strictObject({
  campaign_id: z.string(),
  ids: z.array(z.string()).optional(),
  limit: z.number().int().min(1).max(10_000).optional(),
});

/** Campaign states that matter here; the vendor has more (suspended, unhealthy, bounce protect). */
export const campaignStatus = { draft: 0, active: 1, paused: 2 } as const;

export interface VendorCampaign extends CreateCampaign {
  readonly id: string;
  status: number;
  readonly timestamp_created: string;
  timestamp_updated: string;
}

export interface VendorLead {
  readonly id: string;
  readonly timestamp_created: string;
  timestamp_updated: string;
  readonly organization: string;
  readonly status: number;
  readonly campaign: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company_name: string | null;
  readonly payload: Readonly<Record<string, string | number | boolean | null>>;
  readonly email_open_count: number;
  readonly email_reply_count: number;
  readonly email_click_count: number;
  timestamp_last_contact: string | null;
}
