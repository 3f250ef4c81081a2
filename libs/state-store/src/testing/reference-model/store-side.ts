import {
  actionIdSchema,
  attemptIdSchema,
  batchIdSchema,
  deliveryModeSchema,
  dispatchActionJobSchema,
  draftIdSchema,
  executionIdSchema,
  exclusionSchema,
  motionSchema,
  type Preview,
  suppressionSchema,
} from '@caio/contracts';
import { type DraftCommand, previewBytes } from '@caio/dispatch-core';
import { createOptOuts } from '../../opt-outs.ts';
import { admissible, openClock } from '../admission-request.ts';
import { type Gate, pseudonymOf, sha256 } from '../gate-fixture.ts';
import type { Claim, Freeze, Submission } from './model.ts';
import { type Ask, type Outcome, triesMax } from './sending-model.ts';
import type { ModelAction, ModelBatch } from './state.ts';

const same = { actor: 'operator', correlationId: 'correlation-1' } as const;
const modesText = JSON.stringify({ email: 'sandbox', linkedin: 'log-only' });
const packVersion = 'pack@1+000000000000';
const hourMs = 3_600_000;

/** The model's words, said to the real stores; each answers in the model's words. */
export const createStoreSide = (gate: Gate) => {
  const optOuts = createOptOuts(gate.session);
  const stored = async ({ actionId }: ModelAction) => {
    const read = await gate.actions.read(actionId);
    if (read === null) throw new Error(`the store has no action ${actionId}`);
    return read;
  };

  return {
    submit: async (one: Submission): Promise<string> => {
      const base = gate.intake();
      const { outcome, draftId, reasons } = await gate.drafts.accept({
        ...base,
        record: { ...base.record, draftId: draftIdSchema.parse(one.draftId) },
        motion: motionSchema.parse(one.motion),
        outcome: one.outcome,
        contentDigest: one.digest,
        submissionDigest: sha256(one.submission),
        sourceDigest: sha256(one.source),
        personKeys: one.persons,
        suppressionPseudonyms: one.persons.map(pseudonymOf),
        exclusionKeys: one.exclusionKeys,
      });
      return `${outcome} ${draftId ?? ''} ${reasons.join(' ')}`;
    },

    decide: async (
      draft: { draftId: string; motion: string },
      command: DraftCommand,
      seen: string,
      text: string,
    ): Promise<string> => {
      const { result } = await gate.drafts.change({
        ...same,
        draftId: draftIdSchema.parse(draft.draftId),
        motion: motionSchema.parse(draft.motion),
        command,
        expectedDigest: seen,
        fields: command === 'edit' ? { digest: text } : {},
        rejectedFingerprint: null,
        rejectionMemorySeconds: 60,
        pseudonym: 'somebody',
        reason: 'a_reason',
      });
      return result;
    },

    /** The hash that such a batch has. */
    hashOf: (one: Omit<Freeze, 'previewHash'>): string => sha256(previewBytes(previewOf(one))),

    freeze: async (
      one: Freeze,
      persons: (draftId: string) => readonly string[],
      exclusions: (draftId: string) => readonly string[],
    ) => {
      const preview = previewOf(one);
      const { result } = await gate.batches.freeze({
        ...same,
        batchId: batchIdSchema.parse(one.batchId),
        preview,
        previewHash: one.previewHash,
        deliveryModesText: modesText,
        leftOut: [],
        actions: preview.actions.map((action, at) => {
          const draftId = one.drafts[at]?.draftId ?? '';
          return {
            ...action,
            ...{ draftId, bytes: '{}', mode: deliveryModeSchema.parse(one.mode), ledger: one.ledger },
            ...{ provider: 'instantly', email: persons(draftId)[0] ?? '', tier: one.tier },
            ...{ exclusionKeys: exclusions(draftId), pseudonym: 'somebody', seal: 'a seal of a test' },
            correlationId: same.correlationId,
          };
        }),
      });
      return result;
    },

    changeBatch: async (
      { batchId }: ModelBatch,
      command: 'approve' | 'reject' | 'revoke' | 'expire',
      hash: string,
    ): Promise<string> => {
      const previewHash = command === 'approve' ? hash : null;
      const { result } = await gate.batches.change({
        ...same,
        batchId,
        command,
        previewHash,
        reason: 'a_reason',
      });
      return result;
    },

    passExpiry: ({ batchId }: ModelBatch) => gate.redis.hset(gate.keys.batch(batchId), 'expiresAtMs', '1'),
    grow: ({ batchId }: ModelBatch) => gate.redis.hset(gate.keys.batch(batchId), 'claimedAtMs', '1'),

    claim: async (batch: ModelBatch, one: Claim): Promise<{ answer: string; fence: number }> => {
      const { result, detail } = await gate.batches.claim({
        ...same,
        batchId: batch.batchId,
        executionId: executionIdSchema.parse(one.executionId),
        recomputedHash: one.hash,
        policyVersion: one.rules === 'policy' ? 'policy-2' : 'policy-1',
        deliveryModesText: one.rules === 'mode' ? '{}' : modesText,
        copyPackVersion: one.rules === 'pack' ? 'pack@2+000000000000' : packVersion,
        allowListDigest: one.rules === 'allowList' ? sha256('["x"]') : sha256('[]'),
        haltedByEnvironment: one.rules === 'stopped',
      });
      return { answer: result, fence: result === 'claimed' ? Number(detail) : 0 };
    },

    admit: async (action: ModelAction, batch: ModelBatch, ask: Ask & { dayKey: string; domain: string }) => {
      const now = Date.now();
      const job = dispatchActionJobSchema.parse({
        ...{
          actionId: action.actionId,
          batchId: action.batchId,
          attempt: 1,
          correlationId: same.correlationId,
        },
        fence: Math.max(1, batch.fence + (ask.isOfThisExecution ? 0 : 1)),
        executionId: batch.executionId === '' ? gate.ids.executionId() : batch.executionId,
      });
      const [hour = 0, day = 0, month = 0, domain = 0, mailbox = 0] = ask.caps;
      const answer = await gate.actions.admit(
        admissible(gate, job, ask.digest, {
          attemptId: attemptIdSchema.parse(ask.attemptId),
          ledger: action.ledger,
          mode: ask.mode,
          policyVersion: ask.policyVersion,
          haltedByEnvironment: ask.stoppedHere,
          routeAllowed: ask.routeAllowed,
          clock: openClock(now, {
            dayKey: ask.dayKey,
            hourKey: `${ask.dayKey}T10`,
            windowOpen: ask.windowOpen,
          }),
          callerNowMs: ask.clockIsRight ? now : now + hourMs / 2,
          rules: {
            tiersAllowed: ['tier_1', 'tier_2']
              .filter((tier) => ask.tiers.includes(tier))
              .map((tier) => (tier === 'tier_1' ? 'tier_1' : 'tier_2')),
            recontactMs: 90 * 24 * hourMs,
            latenessMaxMs: 24 * hourMs,
            gapMs: 0,
            caps: { hour, day, month, domain, mailbox },
          },
          leaseMs: hourMs,
          personKeys: action.persons,
          suppressionKeys: action.persons,
          suppressionPseudonyms: action.persons.map(pseudonymOf),
          exclusionKeys: [],
          recipientDomain: ask.domain,
        }),
      );
      return answer.admitted ? 'admitted' : answer.code;
    },

    settle: async (action: ModelAction, outcome: Outcome): Promise<string> => {
      const { settled, status } = await gate.actions.settle({
        ...same,
        actionId: actionIdSchema.parse(action.actionId),
        batchId: action.batchId,
        attemptId: outcome.attemptId,
        ledger: action.ledger,
        to: outcome.to,
        providerMessageId: 'provider-1',
        proof: '',
        code: 'a_code',
        retryAfterMs: 0,
        backoff: { firstMs: 1, maxMs: 1, attemptsMax: triesMax },
        stillHeld: outcome.stillHeld,
        heard: null,
      });
      return `${settled ? 'settled' : 'not_mine'} ${status}`;
    },

    lose: async ({ actionId, status }: ModelAction): Promise<string> => {
      if (status === 'sending') await gate.redis.zadd(gate.keys.actionsSending, 1, actionId);
      return (await gate.actions.loseExpired(100)).includes(actionId) ? 'lost' : 'kept';
    },

    adopt: async (action: ModelAction, found: { to: 'handed_over' | 'left'; stillHeld: boolean }) => {
      const facts = { providerMessageId: 'provider-1', proof: '', personKeys: action.persons };
      return (await gate.actions.adopt({ action: await stored(action), ...found, ...facts }))
        ? 'adopted'
        : 'kept';
    },

    takeBack: async (action: ModelAction): Promise<string> => {
      const why = { ...same, reason: 'a_reason' };
      const { done, status } = await gate.actions.takeBack({ action: await stored(action), ...why });
      return `${done ? 'done' : 'kept'} ${status}`;
    },

    takeDue: async (): Promise<string> => {
      const ids = await gate.redis.zrange(gate.keys.actionsQueued, '0', '-1');
      for (const id of ids) await gate.redis.zadd(gate.keys.actionsQueued, 1, id);
      const jobs = await gate.actions.takeDue(1_000, 60_000);
      return jobs
        .map(({ actionId, batchId, fence }) => `${actionId} ${batchId} ${fence}`)
        .sort()
        .join(', ');
    },

    suppress: async (person: string): Promise<string> => {
      const entry = suppressionSchema.parse({
        ...{ personKey: person, reason: 'unsubscribed', source: 'a test' },
        ...{ at: new Date(0).toISOString(), by: 'operator' },
      });
      const { added, known } = await gate.lists.suppress(
        new Map([[pseudonymOf(person), entry]]),
        same.actor,
        'unsubscribed',
        same.correlationId,
      );
      return `${added} ${known}`;
    },
    optOut: (person: string, change: 'asked' | 'done') =>
      change === 'asked' ? optOuts.record([person], 'delivery-1') : optOuts.done([person]),
    allow: (person: string) => gate.redis.sadd(gate.keys.allowList, person),
    exclude: async (key: string, change: 'add' | 'remove'): Promise<string> => {
      const entry = exclusionSchema.parse({
        ...{ key, kind: 'other', note: '', source: 'a test', at: new Date(0).toISOString(), by: 'operator' },
      });
      const { added, known, removed, missing } = await gate.lists.changeExclusions({
        ...same,
        add: change === 'add' ? [entry] : [],
        remove: change === 'remove' ? [key] : [],
        pseudonyms: new Map([[key, 'somebody']]),
      });
      return `${added} ${known} ${removed} ${missing}`;
    },
    halt: async (change: 'stop' | 'lift'): Promise<string> =>
      String(await gate.lists.setHalt(change, same.actor, 'a reason', same.correlationId)),
  };
};

const previewOf = (one: Omit<Freeze, 'previewHash'>): Preview => ({
  version: 1,
  environment: 'test',
  motion: 'outbound',
  policyVersion: 'policy-1',
  copyPackVersion: packVersion,
  deliveryModes: { email: 'sandbox', linkedin: 'log-only' },
  allowListDigest: sha256('[]'),
  expiresAt: '2099-01-01T00:00:00.000Z',
  actions: one.drafts.map(({ actionId, digest }) => ({
    actionId: actionIdSchema.parse(actionId),
    contentDigest: digest,
    channel: 'email',
    route: 'cold_email',
    recipientKey: 'email:somebody@acme.example',
    senderKey: 'email:sam@outreach.example',
  })),
});
