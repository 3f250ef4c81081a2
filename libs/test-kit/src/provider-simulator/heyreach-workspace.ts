import type { HandOverLog } from './hand-over-log.ts';
import type { CampaignStatus, HeyreachLead, WantedLead } from './heyreach-shapes.ts';
import type { LeadChange, Mailed, RequestMarks } from './workspace.ts';

interface StoredLead {
  lead: HeyreachLead;
  visibleAtMs: number;
}

interface StoredList {
  readonly id: number;
  readonly name: string;
  readonly listType: string;
  readonly creationTime: string;
  readonly leads: Map<string, StoredLead>;
}

interface EnrolledLead {
  readonly lead: HeyreachLead;
  leadCampaignStatus: 'Pending' | 'InSequence' | 'Finished' | 'Paused';
  leadMessageStatus: 'None' | 'MessageSent';
  lastActionTime: string | null;
}

interface StoredCampaign {
  readonly id: number;
  readonly name: string;
  status: CampaignStatus;
  readonly linkedInUserListId: number;
  readonly enrolled: Map<string, EnrolledLead>;
}

export type AddAnswer =
  | { readonly state: 'done'; readonly added: number; readonly updated: number; readonly failed: number }
  | { readonly state: 'no_list' | 'list_in_use' | 'bad_field' };

const slugOf = (profileUrl: string): string =>
  /\/in\/([^/?#]+)/.exec(profileUrl)?.[1]?.toLowerCase() ?? profileUrl;

/** What the campaign's one step says when a lead brings no words of its own. */
const fallbackMessage = 'Hello, I would like to connect.';

/**
 * Lists, leads and campaigns of one simulated HeyReach workspace, held in memory. Its lies: an addition to the list of
 * a paused or finished campaign starts that campaign again, and a lead that lacks a name is dropped with success.
 */
export function createHeyreachWorkspace({
  log,
  nowMs,
}: {
  readonly log: HandOverLog;
  readonly nowMs: () => number;
}) {
  let sequence = 0;
  const newId = (): number => (sequence += 1);
  const now = (): string => new Date(nowMs()).toISOString();
  let lists = new Map<number, StoredList>();
  let campaigns = new Map<number, StoredCampaign>();
  let mailed: Mailed[] = [];

  const campaignsOf = (listId: number): StoredCampaign[] =>
    [...campaigns.values()].filter((campaign) => campaign.linkedInUserListId === listId);

  const textOf = ({ customFields }: HeyreachLead): string =>
    customFields.find(({ name }) => name === 'body')?.value ?? fallbackMessage;

  const enrol = (campaign: StoredCampaign): void => {
    for (const [slug, { lead }] of lists.get(campaign.linkedInUserListId)?.leads ?? []) {
      if (campaign.enrolled.has(slug)) continue;
      campaign.enrolled.set(slug, {
        lead,
        leadCampaignStatus: 'Pending',
        leadMessageStatus: 'None',
        lastActionTime: null,
      });
    }
  };

  const message = (campaign: StoredCampaign, enrolled: EnrolledLead): void => {
    if (enrolled.leadMessageStatus !== 'None' || enrolled.leadCampaignStatus === 'Paused') return;
    enrolled.leadMessageStatus = 'MessageSent';
    enrolled.leadCampaignStatus = 'Finished';
    enrolled.lastActionTime = now();
    mailed.push({
      at: enrolled.lastActionTime,
      leadId: String(enrolled.lead.id),
      campaignId: String(campaign.id),
      from: null,
      email: enrolled.lead.profileUrl,
      subject: '',
      body: textOf(enrolled.lead),
    });
  };

  const start = (campaign: StoredCampaign): void => {
    campaign.status = 'IN_PROGRESS';
    enrol(campaign);
    for (const enrolled of campaign.enrolled.values()) message(campaign, enrolled);
  };

  const fieldOf = (lead: HeyreachLead, wanted: string): string | null =>
    lead.customFields.find(({ name }) => name === wanted)?.value ?? null;

  const take = (
    list: StoredList,
    wanted: WantedLead,
    marks: RequestMarks,
    change: LeadChange | null,
  ): 'added' | 'updated' | 'dropped' => {
    const { profileUrl, firstName, lastName } = wanted;
    if (!profileUrl || !firstName || !lastName) return 'dropped';
    const slug = slugOf(profileUrl);
    const known = list.leads.get(slug);
    const altered = change?.alter?.body;
    const lead: HeyreachLead = {
      id: known?.lead.id ?? newId(),
      linkedin_id: `li-${slug}`,
      profileUrl,
      firstName,
      lastName,
      companyName: wanted.companyName ?? null,
      emailAddress: wanted.emailAddress ?? null,
      customFields: wanted.customUserFields.map(({ name, value }) => ({
        name,
        value: name === 'body' && altered !== undefined ? altered : value,
      })),
    };
    const visibleAtMs = nowMs() + (change?.visibilityMs ?? 0);
    list.leads.set(slug, { lead, visibleAtMs });
    if (known !== undefined) return 'updated';
    log.append({
      at: now(),
      vendor: 'heyreach',
      leadId: String(lead.id),
      campaignId: String(list.id),
      campaignName: list.name,
      email: profileUrl,
      subject: null,
      body: fieldOf(lead, 'body'),
      actionId: fieldOf(lead, 'actionId'),
      attemptId: fieldOf(lead, 'attemptId'),
      contentDigest: fieldOf(lead, 'contentDigest'),
      wouldMail: {
        from: null,
        subject: '',
        body: textOf(lead),
        openTracking: false,
        linkTracking: false,
        steps: 1,
      },
      ...marks,
    });
    return 'added';
  };

  const addLeads = (
    listId: number,
    wanted: readonly WantedLead[],
    marks: RequestMarks,
    change: LeadChange | null,
  ): AddAnswer => {
    const list = lists.get(listId);
    if (list === undefined) return { state: 'no_list' };
    if (campaignsOf(listId).some(({ status }) => status === 'IN_PROGRESS')) return { state: 'list_in_use' };
    const names = wanted.flatMap(({ customUserFields }) => customUserFields.map(({ name }) => name));
    if (names.some((name) => !/^\w+$/.test(name))) return { state: 'bad_field' };
    const taken = wanted.map((lead) => take(list, lead, marks, change));
    // The lie this vendor is known for: nobody asked to go on.
    for (const campaign of campaignsOf(listId)) if (campaign.status !== 'DRAFT') start(campaign);
    return {
      state: 'done',
      added: taken.filter((one) => one === 'added').length,
      updated: taken.filter((one) => one === 'updated').length,
      failed: 0,
    };
  };

  return {
    createList: (name: string, listType: string): StoredList => {
      const list = { id: newId(), name, listType, creationTime: now(), leads: new Map<string, StoredLead>() };
      lists.set(list.id, list);
      return list;
    },
    list: (id: number): StoredList | undefined => lists.get(id),
    lists: (): readonly StoredList[] => [...lists.values()],
    addLeads,
    leadsOf: (list: StoredList): readonly HeyreachLead[] =>
      [...list.leads.values()].filter(({ visibleAtMs }) => visibleAtMs <= nowMs()).map(({ lead }) => lead),
    /** The profiles that were not there; null when a running campaign forbids it. */
    deleteLeads: (list: StoredList, profileUrls: readonly string[]): string[] | null =>
      campaignsOf(list.id).some(({ status }) => status === 'IN_PROGRESS')
        ? null
        : profileUrls.filter((url) => !list.leads.delete(slugOf(url))),
    /** As a person does in the vendor's own screens; nothing of ours can. */
    bindCampaign: (name: string, listId: number, status: CampaignStatus = 'DRAFT'): number => {
      const campaign: StoredCampaign = {
        id: newId(),
        name,
        status,
        linkedInUserListId: listId,
        enrolled: new Map(),
      };
      campaigns.set(campaign.id, campaign);
      if (status !== 'DRAFT') enrol(campaign);
      return campaign.id;
    },
    campaign: (id: number): StoredCampaign | undefined => campaigns.get(id),
    campaigns: (): readonly StoredCampaign[] => [...campaigns.values()],
    start,
    pause: (campaign: StoredCampaign): void => {
      campaign.status = 'PAUSED';
    },
    /** False when nobody of that profile is in the campaign. */
    stopLead: (campaign: StoredCampaign, profileUrl: string): boolean => {
      const enrolled = campaign.enrolled.get(slugOf(profileUrl));
      if (enrolled === undefined) return false;
      if (enrolled.leadMessageStatus === 'None') enrolled.leadCampaignStatus = 'Paused';
      return true;
    },
    /** Somebody lets every campaign that was ever started go on. */
    mailNow: (): void => {
      for (const campaign of campaigns.values()) if (campaign.status !== 'DRAFT') start(campaign);
    },
    mailed: (): readonly Mailed[] => mailed,
    reveal: (): void => {
      for (const list of lists.values()) for (const stored of list.leads.values()) stored.visibleAtMs = 0;
    },
    /** Removes the lists whose name starts with `prefix` and the campaigns on them. */
    clear: (prefix: string): void => {
      const gone = new Set(
        [...lists.values()].filter(({ name }) => name.startsWith(prefix)).map(({ id }) => id),
      );
      lists = new Map([...lists].filter(([id]) => !gone.has(id)));
      const ended = [...campaigns.values()].filter(({ linkedInUserListId }) => gone.has(linkedInUserListId));
      const endedIds = new Set(ended.map(({ id }) => id));
      campaigns = new Map([...campaigns].filter(([id]) => !endedIds.has(id)));
      mailed = mailed.filter(({ campaignId }) => !endedIds.has(Number(campaignId)));
    },
  };
}

export type HeyreachWorkspace = ReturnType<typeof createHeyreachWorkspace>;
export type HeyreachList = NonNullable<ReturnType<HeyreachWorkspace['list']>>;
export type HeyreachCampaign = NonNullable<ReturnType<HeyreachWorkspace['campaign']>>;
