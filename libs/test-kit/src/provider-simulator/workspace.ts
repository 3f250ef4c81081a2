import { randomBytes } from 'node:crypto';
import type { HandOverLog, WouldMail } from './hand-over-log.ts';
import {
  campaignStatus,
  type CreateCampaign,
  type CreateLead,
  type ListLeads,
  type VendorCampaign,
  type VendorLead,
} from './vendor-shapes.ts';

/** A message that "left" in the simulation: the campaign's step with the lead's variables filled in. */
export interface Mailed {
  readonly at: string;
  readonly leadId: string;
  readonly campaignId: string;
  readonly from: string | null;
  readonly email: string;
  readonly subject: string;
  readonly body: string;
}

export interface RequestMarks {
  readonly correlationId: string | null;
  readonly idempotencyKey: string | null;
}

/** What a fault does to a lead that is being accepted. */
export interface LeadChange {
  readonly visibilityMs: number;
  readonly alter: { readonly email?: string; readonly subject?: string; readonly body?: string } | null;
  /** A person who is there already is taken again. */
  readonly takesTwins: boolean;
}

interface StoredLead {
  readonly lead: VendorLead;
  visibleAtMs: number;
  deleted: boolean;
}

export type AddLeadAnswer =
  | { readonly state: 'added'; readonly lead: VendorLead }
  | { readonly state: 'skipped' }
  | { readonly state: 'no_campaign' };

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Campaigns and leads of one simulated vendor workspace, held in memory. */
export function createWorkspace({ log, nowMs }: { readonly log: HandOverLog; readonly nowMs: () => number }) {
  // Ids rise in order within one start and never repeat across two, so a stale id can only miss.
  const instance = randomBytes(4).toString('hex');
  let sequence = 0;
  const newId = (): string => `${instance}-0000-7000-8000-${String((sequence += 1)).padStart(12, '0')}`;
  const now = (): string => new Date(nowMs()).toISOString();
  const organization = newId();
  let campaigns = new Map<string, VendorCampaign>();
  let leads = new Map<string, StoredLead>();
  let leadsOfCampaign = new Map<string, StoredLead[]>();
  let leadsOfEmail = new Map<string, StoredLead[]>();
  let mailed: Mailed[] = [];

  const isVisible = (stored: StoredLead): boolean => !stored.deleted && stored.visibleAtMs <= nowMs();

  const wouldMail = (campaign: VendorCampaign, lead: VendorLead): WouldMail => {
    const variant = campaign.sequences?.[0]?.steps[0]?.variants[0];
    const fill = (template: string): string =>
      template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(lead.payload[name] ?? ''));
    return {
      // Several senders take turns, so none can be named.
      from: campaign.email_list?.length === 1 ? (campaign.email_list[0] ?? null) : null,
      subject: fill(variant?.subject ?? ''),
      body: fill(variant?.body ?? ''),
      openTracking: campaign.open_tracking ?? false,
      linkTracking: campaign.link_tracking ?? false,
      steps: (campaign.sequences ?? []).reduce((sum, { steps }) => sum + steps.length, 0),
    };
  };

  const mail = (campaign: VendorCampaign, lead: VendorLead): void => {
    if (lead.timestamp_last_contact !== null) return;
    const { subject, body } = wouldMail(campaign, lead);
    lead.timestamp_last_contact = now();
    mailed.push({
      at: lead.timestamp_last_contact,
      leadId: lead.id,
      campaignId: campaign.id,
      from: campaign.email_list?.[0] ?? null,
      email: lead.email,
      subject,
      body,
    });
  };

  return {
    createCampaign: (wanted: CreateCampaign): VendorCampaign => {
      const at = now();
      const campaign = {
        ...wanted,
        id: newId(),
        status: campaignStatus.draft,
        timestamp_created: at,
        timestamp_updated: at,
      };
      campaigns.set(campaign.id, campaign);
      leadsOfCampaign.set(campaign.id, []);
      return campaign;
    },
    campaign: (id: string): VendorCampaign | undefined => campaigns.get(id),
    campaigns: (): readonly VendorCampaign[] => [...campaigns.values()],
    deleteCampaign: (id: string): VendorCampaign | undefined => {
      const campaign = campaigns.get(id);
      for (const stored of leadsOfCampaign.get(id) ?? []) stored.deleted = true;
      campaigns.delete(id);
      leadsOfCampaign.delete(id);
      return campaign;
    },
    pause: (campaign: VendorCampaign): void => {
      campaign.status = campaignStatus.paused;
      campaign.timestamp_updated = now();
    },
    activate: (campaign: VendorCampaign): void => {
      campaign.status = campaignStatus.active;
      campaign.timestamp_updated = now();
      for (const stored of leadsOfCampaign.get(campaign.id) ?? []) {
        if (!stored.deleted) mail(campaign, stored.lead);
      }
    },
    addLead: (wanted: CreateLead, marks: RequestMarks, change: LeadChange | null): AddLeadAnswer => {
      const campaign = campaigns.get(wanted.campaign);
      if (campaign === undefined) return { state: 'no_campaign' };
      const address = wanted.email.toLowerCase();
      const known = leadsOfEmail.get(address);
      if (known !== undefined && change?.takesTwins !== true) {
        const twins = known.filter((stored) => !stored.deleted);
        if (wanted.skip_if_in_workspace === true && twins.length > 0) return { state: 'skipped' };
        const inCampaign = twins.some(({ lead }) => lead.campaign === campaign.id);
        if (wanted.skip_if_in_campaign === true && inCampaign) return { state: 'skipped' };
      }
      const at = now();
      const variables = wanted.custom_variables ?? {};
      const { email = wanted.email, ...altered } = change?.alter ?? {};
      const lead: VendorLead = {
        id: newId(),
        timestamp_created: at,
        timestamp_updated: at,
        organization,
        status: 1,
        campaign: campaign.id,
        email,
        first_name: wanted.first_name ?? null,
        last_name: wanted.last_name ?? null,
        company_name: wanted.company_name ?? null,
        payload: { ...variables, ...altered },
        email_open_count: 0,
        email_reply_count: 0,
        email_click_count: 0,
        timestamp_last_contact: null,
      };
      const stored = { lead, visibleAtMs: nowMs() + (change?.visibilityMs ?? 0), deleted: false };
      leads.set(lead.id, stored);
      leadsOfCampaign.get(campaign.id)?.push(stored);
      if (known === undefined) leadsOfEmail.set(address, [stored]);
      else known.push(stored);
      log.append({
        at,
        vendor: 'instantly',
        leadId: lead.id,
        campaignId: campaign.id,
        campaignName: campaign.name,
        email: wanted.email,
        subject: textOrNull(variables['subject']),
        body: textOrNull(variables['body']),
        actionId: textOrNull(variables['actionId']),
        attemptId: textOrNull(variables['attemptId']),
        contentDigest: textOrNull(variables['contentDigest']),
        wouldMail: wouldMail(campaign, lead),
        ...marks,
      });
      if (campaign.status === campaignStatus.active) mail(campaign, lead);
      return { state: 'added', lead };
    },
    lead: (id: string): VendorLead | undefined => {
      const stored = leads.get(id);
      return stored !== undefined && isVisible(stored) ? stored.lead : undefined;
    },
    mailLead: (id: string): void => {
      const stored = leads.get(id);
      const campaign = stored === undefined ? undefined : campaigns.get(stored.lead.campaign);
      if (stored !== undefined && campaign !== undefined) mail(campaign, stored.lead);
    },
    deleteLead: (id: string): VendorLead | undefined => {
      const stored = leads.get(id);
      if (stored === undefined || stored.deleted) return undefined;
      stored.deleted = true;
      return stored.lead;
    },
    /** Ascending by id, from the one after `starting_after`; one page. */
    listLeads: (query: ListLeads): { items: VendorLead[]; next_starting_after?: string } => {
      const wantedIds = query.ids === undefined ? null : [...new Set(query.ids)];
      const source =
        wantedIds !== null
          ? wantedIds.flatMap((id) => leads.get(id) ?? []).sort((a, b) => (a.lead.id < b.lead.id ? -1 : 1))
          : query.contacts !== undefined
            ? query.contacts.flatMap((email) => leadsOfEmail.get(email.toLowerCase()) ?? [])
            : query.campaign !== undefined
              ? (leadsOfCampaign.get(query.campaign) ?? [])
              : [...leads.values()];
      const after = query.starting_after;
      const items: VendorLead[] = [];
      for (const stored of source) {
        if (after !== undefined && stored.lead.id <= after) continue;
        if (!isVisible(stored)) continue;
        if (query.campaign !== undefined && stored.lead.campaign !== query.campaign) continue;
        items.push(stored.lead);
        if (items.length === query.limit) break;
      }
      const last = items.at(-1);
      return items.length === query.limit && last !== undefined
        ? { items, next_starting_after: last.id }
        : { items };
    },
    leadsOf: (campaignId: string): readonly VendorLead[] =>
      (leadsOfCampaign.get(campaignId) ?? []).filter(({ deleted }) => !deleted).map(({ lead }) => lead),
    mailed: (): readonly Mailed[] => mailed,
    /** Ends every delayed visibility now. */
    reveal: (): void => {
      for (const stored of leads.values()) stored.visibleAtMs = 0;
    },
    /** Removes the campaigns whose name starts with `prefix`, their leads and their log entries. */
    clear: (prefix: string): { campaigns: number; leads: number; entries: number } => {
      const gone = new Set(
        [...campaigns.values()].filter(({ name }) => name.startsWith(prefix)).map(({ id }) => id),
      );
      const before = leads.size;
      campaigns = new Map([...campaigns].filter(([id]) => !gone.has(id)));
      leads = new Map([...leads].filter(([, { lead }]) => !gone.has(lead.campaign)));
      leadsOfCampaign = new Map([...leadsOfCampaign].filter(([id]) => !gone.has(id)));
      leadsOfEmail = new Map(
        [...leadsOfEmail].map(([email, list]) => [
          email,
          list.filter(({ lead }) => !gone.has(lead.campaign)),
        ]),
      );
      mailed = mailed.filter(({ campaignId }) => !gone.has(campaignId));
      return { campaigns: gone.size, leads: before - leads.size, entries: log.forget(prefix) };
    },
  };
}

export type Workspace = ReturnType<typeof createWorkspace>;
