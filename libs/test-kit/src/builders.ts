import { createHash } from 'node:crypto';
import {
  draftSchema,
  draftSubmissionSchema,
  leadSchema,
  messageSchema,
  policySchema,
  type Draft,
  type DraftSubmission,
  type Lead,
  type Message,
  type Policy,
} from '@caio/contracts';
import canonicalize from 'canonicalize';
import { createIdSource } from './id-source.ts';
import { defaultInstant } from './manual-clock.ts';

/** A qualified person at a fictional company; every field can be replaced. */
export const buildLead = (overrides: Partial<Lead> = {}): Lead =>
  leadSchema.parse({
    email: 'jo.fields@meadow.example',
    emailStatus: 'verified',
    firstName: 'Jo',
    lastName: 'Fields',
    fullName: 'Jo Fields',
    title: 'VP Operations',
    company: 'Meadow Works',
    companyDomain: 'meadow.example',
    industry: 'Manufacturing',
    employees: { min: 201, max: 500 },
    revenueUsd: { min: 20_000_000, max: 50_000_000 },
    linkedinUrl: 'https://www.linkedin.com/in/jo-fields-example',
    city: 'Springfield',
    country: 'United States',
    externalId: null,
    ...overrides,
  });

/** A complete e-mail to one person. The keys follow the addresses unless they are given. */
export function buildMessage(overrides: Partial<Message> = {}): Message {
  const recipient = overrides.recipient ?? {
    email: 'jo.fields@meadow.example',
    name: 'Jo Fields',
    company: 'Meadow Works',
    linkedinUrl: null,
  };
  const sender = overrides.sender ?? { name: 'Sam Rivers', email: 'sam@outreach.example' };
  const unsubscribeUrl = overrides.unsubscribeUrl ?? 'https://links.example/u/abc123';
  return messageSchema.parse({
    version: 1,
    channel: 'email',
    motion: 'outbound',
    route: 'cold_email',
    recipient,
    recipientKey: `email:${recipient.email.toLowerCase()}`,
    sender,
    senderKey: `email:${sender.email.toLowerCase()}`,
    subject: 'Fewer stops on line 2',
    body: 'Hello Jo,\n\nyour team at Meadow Works runs three lines.\nWould a short call on Tuesday help?\n\nSam',
    footer: `Rivers Example Inc., 1 Example Street, Springfield\nNo more of these: ${unsubscribeUrl}`,
    unsubscribeUrl,
    headers: {},
    settings: {
      trackOpens: false,
      trackClicks: false,
      stopOnReply: true,
      followUps: 0,
      schedule: { timezone: 'America/New_York', days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' },
    },
    ...overrides,
  });
}

/** The canonical bytes of a message and their SHA-256, as the batch freezes them. */
export function sealMessage(message: Message): { bytes: string; contentDigest: string } {
  const bytes = canonicalize(message);
  if (bytes === undefined) throw new TypeError('a message has a JSON form');
  return { bytes, contentDigest: createHash('sha256').update(bytes, 'utf8').digest('hex') };
}

/** A draft as an agent hands it in, with one sourced claim. */
export const buildDraftSubmission = (overrides: Partial<DraftSubmission> = {}): DraftSubmission =>
  draftSubmissionSchema.parse({
    sourceKey: 'test-source-1',
    lead: buildLead(),
    subject: 'Fewer stops on line 2',
    body: 'Hello Jo,\n\nyour team at Meadow Works runs three lines.\nWould a short call on Tuesday help?\n\nSam',
    claims: [{ text: 'Meadow Works is in manufacturing', source: { kind: 'lead_field', field: 'industry' } }],
    ...overrides,
  });

/** A pending draft whose digest belongs to its message. */
export function buildDraft(overrides: Partial<Draft> = {}): Draft {
  const ids = createIdSource();
  const message = overrides.message ?? buildMessage();
  return draftSchema.parse({
    draftId: ids.draftId(),
    status: 'pending',
    revision: 1,
    contentDigest: sealMessage(message).contentDigest,
    message,
    lead: buildLead({ email: message.recipient.email }),
    judgement: { verdict: 'qualified', tier: 'tier_1', score: 88, reasons: ['title_executive'] },
    claims: [],
    guards: [],
    templateId: 'first-touch',
    copyPackVersion: 'example@1',
    policyVersion: 'test@1',
    origin: { kind: 'run', runId: ids.runId(), line: 2 },
    sourceKey: 'test-source-1',
    correlationId: ids.correlationId(),
    batchId: null,
    createdAt: defaultInstant,
    reviewedAt: null,
    reviewedBy: null,
    rejection: null,
    ...overrides,
  });
}

/** Rules that hold nothing back: an open window, no gap, caps out of reach. Tighten what a test is about. */
export function buildPolicy(overrides: Partial<Policy> = {}): Policy {
  const caps = {
    perHour: 100_000,
    perDay: 100_000,
    perMonth: 1_000_000,
    perDomainPerDay: 100_000,
    perMailboxPerDay: 100_000,
    gapSeconds: 0,
  };
  return policySchema.parse({
    name: 'test',
    revision: 1,
    localOnly: true,
    timezone: 'America/New_York',
    window: { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' },
    caps: { email: caps, linkedin: caps },
    ramp: {
      enabled: false,
      emailPerDay: 5,
      tiers: ['tier_1'],
      cleanDaysRequired: 3,
      lookbackDays: 45,
    },
    tiersAllowed: { email: ['tier_1', 'tier_2', 'tier_3', 'tier_4'], linkedin: ['tier_1', 'tier_2'] },
    batch: { expiryHours: 24, sizeMax: 10_000 },
    draft: { staleHours: 72, expiryDays: 30 },
    recontactDays: 0,
    rejection: { memoryDays: 30, blockAfter: 2 },
    nurtureDomains: ['nurture.example'],
    dispatch: {
      leaseSeconds: 30,
      sendDeadlineMs: 5_000,
      providerTimeoutMs: 5_000,
      retryFirstSeconds: 1,
      retryMaxSeconds: 60,
      latenessMaxHours: 24,
    },
    ...overrides,
  });
}
