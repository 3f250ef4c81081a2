import type { Channel, Ledger, ProviderName, QueueName } from '@caio/contracts';

/** Whose sends a counter counts: a channel has caps of its own, and a ledger never mixes with another. */
export interface Counted {
  readonly ledger: Ledger;
  readonly channel: Channel;
}

/** A ledger alone means its e-mail, whose counters carry no name of a channel. */
const countedBy = (of: Ledger | Counted): readonly string[] => {
  if (typeof of === 'string') return [of];
  return of.channel === 'email' ? [of.ledger] : [of.ledger, of.channel];
};

/**
 * Every Redis key of one environment, and nowhere else. All share one hash tag, so that a script may touch
 * any of them on a cluster and two environments can never meet. Names ending in `Prefix` are completed by
 * an id inside a script.
 */
export const createKeys = (environment: string) => {
  const root = `{caio:${environment}}`;
  const at = (...parts: readonly string[]): string => [root, ...parts].join(':');
  return {
    root,
    store: at('store'),
    halt: at('halt'),
    providerPauses: at('provider-pauses'),
    fence: at('fence'),
    ramp: at('ramp'),
    rampDays: (zone: string) => at('ramp-days', zone),
    rampLeft: (zone: string, day: string) => at('ramp-left', zone, day),
    rampStopped: (zone: string, day: string) => at('ramp-stopped', zone, day),
    usedToken: (tokenId: string) => at('used-token', tokenId),
    pseudonymCheck: at('pseudonym-check'),
    linkSample: at('link-sample'),
    suppressions: at('suppressions'),
    exclusions: at('exclusions'),
    suppressionsLifted: at('suppressions-lifted'),
    customers: at('customers'),
    customersStanding: at('customers-standing'),
    optOutsPending: at('opt-outs-pending'),
    allowList: at('allow-list'),

    draft: (id: string) => at('draft', id),
    draftPrefix: `${at('draft')}:`,
    draftsByStatus: (status: string) => at('drafts', status),
    draftsByStatusPrefix: `${at('drafts')}:`,
    draftsDecided: at('drafts', 'decided'),
    draftAnswer: (sourceDigest: string) => at('draft-answer', sourceDigest),
    draftsOfPerson: (personKey: string) => at('drafts-of', personKey),
    draftsOfPersonPrefix: `${at('drafts-of')}:`,
    draftsOfPersonComplete: at('drafts-of-complete'),
    draftsUnder: (exclusionKey: string) => at('drafts-of', 'under', exclusionKey),
    draftsUnderComplete: at('drafts-under-complete'),
    personDrafts: (motion: string) => at('person-drafts', motion),
    personDraftsPrefix: `${at('person-drafts')}:`,
    rejections: (pseudonym: string) => at('rejections', pseudonym),
    intakeAnswers: (runId: string) => at('intake', runId),

    batch: (id: string) => at('batch', id),
    batchPrefix: `${at('batch')}:`,
    batches: at('batches'),
    batchesUnclaimed: at('batches', 'unclaimed'),
    batchesActive: at('batches', 'active'),
    batchActions: (id: string) => at('batch-actions', id),

    action: (id: string) => at('action', id),
    actionPrefix: `${at('action')}:`,
    actionsQueued: at('actions', 'queued'),
    actionsSending: at('actions', 'sending'),
    actionsUnknown: at('actions', 'unknown'),
    actionsHeld: at('actions', 'held'),
    actionsTakingBack: at('actions', 'taking-back'),
    evidence: (actionId: string) => at('evidence', actionId),
    campaign: (name: string) => at('campaign', name),

    providerPace: (ledger: Ledger, provider: ProviderName) => at('provider', ledger, provider),
    inFlight: (ledger: Ledger) => at('in-flight', ledger),
    contacts: (ledger: Ledger) => at('contacts', ledger),
    lastSend: (of: Ledger | Counted, mailbox: string) => at('last-send', ...countedBy(of), mailbox),
    sent: (of: Ledger | Counted, ...scope: readonly string[]) => at('sent', ...countedBy(of), ...scope),

    audit: at('audit'),
    auditHead: at('audit-head'),
    auditSeals: at('audit-seals'),
    auditCheckpoint: at('audit-checkpoint'),

    run: (id: string) => at('run', id),
    runs: at('runs'),
    runUpload: (id: string) => at('run-upload', id),
    runRows: (id: string) => at('run-rows', id),

    session: (digest: string) => at('session', digest),
    sessionsOf: (name: string) => at('sessions-of', name),
    rateLimitPrefix: (kind: string) => at('rate-limit', kind),

    lock: (name: string) => at('lock', name),
    delivery: (provider: string, id: string) => at('delivery', provider, id),
    /** BullMQ builds `<prefix>:<queue>:…` itself; the tag keeps it on the same slot. */
    queuePrefix: root,
    queueName: (queue: QueueName) => queue,
  } as const;
};

export type Keys = ReturnType<typeof createKeys>;
