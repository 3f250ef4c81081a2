import {
  type campaignRefSchema,
  type complianceChecksSchema,
  type DeliveryMode,
  type Draft,
  type emailClassifierSchema,
  type PendingEmail,
  type ProviderName,
  type Route,
  textOf,
  recipientAddressOf,
} from '@caio/contracts';
import type { z } from 'zod';
import type { CompanyRules } from '../company-rules.ts';

/** How the former dashboard named the parts of a draft. Everything is read from the draft; nothing is changed. */

export interface EmailViewRules {
  readonly pack: Pick<CompanyRules['pack'], 'data'>;
  readonly providerOf: (route: Route) => ProviderName | null;
  readonly deliveryModes: Readonly<Record<Draft['message']['channel'], DeliveryMode>>;
}

const originOf = ({ origin }: Draft): string => (origin.kind === 'run' ? 'pipeline' : 'agent');
const packOf = ({ copyPackVersion }: Draft): string => copyPackVersion.split('@')[0] ?? copyPackVersion;

export const classifierOf = (draft: Draft, rules: EmailViewRules): z.infer<typeof emailClassifierSchema> => {
  const { channel, route } = draft.message;
  const provider = rules.providerOf(route);
  return {
    queue_stage: draft.status === 'pending' ? 'approval_pending' : draft.status,
    queue_origin: originOf(draft),
    message_direction: 'outbound',
    lead_source_class: 'outbound_prospecting',
    target_platform: provider ?? 'unknown',
    target_platform_reason:
      provider === null ? `no_provider_for_${channel}` : `delivery_mode:${rules.deliveryModes[channel]}`,
    routing_targets: provider === null ? [] : [provider],
    sync_state: provider === 'log' ? 'n/a_log_only' : 'pending_external_campaign_mapping',
  };
};

export const campaignRefOf = (draft: Draft): z.infer<typeof campaignRefSchema> => ({
  internal_id: `${packOf(draft)}:${draft.message.motion}`,
  internal_type: draft.message.motion,
  internal_name: draft.templateId ?? '',
  pipeline_run_id: draft.origin.kind === 'run' ? draft.origin.runId : '',
  external_provider: '',
  external_campaign_id: '',
  external_campaign_name: '',
});

/** What the text really has, not what it ought to have. */
export const complianceChecksOf = (
  draft: Draft,
  pack: EmailViewRules['pack'],
): z.infer<typeof complianceChecksSchema> => {
  const { message, copyPackVersion } = draft;
  const text = textOf(message);
  return {
    unsubscribe_present: message.unsubscribeUrl !== '' && text.includes(message.unsubscribeUrl),
    signature_present: text.includes(message.sender.name),
    cta_present: /\?(\s|$)/.test(message.body) || message.body.includes(pack.data.bookingUrl),
    footer_present: message.footer.includes(pack.data.company.postalAddress),
    normalization_version: copyPackVersion,
  };
};

const risks = {
  verified: 'low',
  unknown: 'medium',
  unverified: 'medium',
  catch_all: 'medium',
  invalid: 'high',
} as const;
const priorities = { tier_1: 'high', tier_2: 'medium', tier_3: 'normal', tier_4: 'normal' } as const;

/** What parks a draft: the guards that refuse its text, else the judgement of its lead. */
export const parkedReasonsOf = (draft: Draft): string[] => {
  const refusing = draft.guards.filter(({ passed }) => !passed).map(({ ruleId }) => ruleId);
  return refusing.length > 0 ? refusing : draft.judgement.reasons.slice(-1);
};

const rangeText = (range: Draft['lead']['employees']): string | null => {
  if (range === null) return null;
  const [min, max] = [range.min ?? 0, range.max];
  if (max === null) return `${min}+`;
  return min === max ? String(min) : `${min}-${max}`;
};

export const pendingEmailOf = (draft: Draft, rules: EmailViewRules): PendingEmail => {
  const { message, lead, judgement } = draft;
  const tier = judgement.tier ?? 'tier_4';
  const classifier = classifierOf(draft, rules);
  const place = [lead.city, lead.country].filter((part) => part !== null).join(', ');
  return {
    email_id: draft.draftId,
    status: draft.status === 'parked' ? 'parked' : 'pending',
    content_digest: draft.contentDigest,
    revision: draft.revision,
    to: recipientAddressOf(message),
    subject: message.subject,
    body: textOf(message),
    tier,
    angle: draft.templateId ?? 'general',
    priority: priorities[tier],
    source: originOf(draft),
    direction: 'outbound',
    delivery_platform: classifier.target_platform,
    timestamp: draft.createdAt,
    created_at: draft.createdAt,
    recipient_data: {
      name: message.recipient.name,
      company: message.recipient.company,
      title: lead.title,
      location: place === '' ? null : place,
      industry: lead.industry,
      employees: rangeText(lead.employees),
      linkedin_url: message.recipient.linkedinUrl,
    },
    context: {
      source: originOf(draft),
      agent: draft.origin.kind === 'agent' ? draft.origin.agent : null,
      pipeline_run_id: draft.origin.kind === 'run' ? draft.origin.runId : null,
      icp_tier: judgement.tier,
      icp_score: judgement.score,
      why: judgement.reasons.join(' '),
    },
    classifier,
    campaign_ref: campaignRefOf(draft),
    proof_status: 'not_started',
    proof_source: 'none',
    proof_timestamp: null,
    proof_evidence_id: null,
    deliverability_risk: risks[lead.emailStatus],
    deliverability_reasons: [`email_${lead.emailStatus}`],
    model_route: draft.templateId === null ? originOf(draft) : `template:${draft.templateId}`,
    compliance_checks: complianceChecksOf(draft, rules.pack),
    non_dispatchable_reasons: draft.status === 'parked' ? parkedReasonsOf(draft) : [],
  };
};
