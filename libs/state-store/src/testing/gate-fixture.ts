import { createHash } from 'node:crypto';
import type { Preview } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import {
  buildLead,
  buildMessage,
  createIdSource,
  type IdSource,
  type RedisServer,
  sealMessage,
  startRedis,
} from '@caio/test-kit';
import { Redis } from 'ioredis';
import { createActionStore } from '../action-store.ts';
import type { FrozenAction } from '../batch-freeze.ts';
import { createBatchStore } from '../batch-store.ts';
import { createDraftStore, type DraftIntake } from '../draft-store.ts';
import { createGateLists } from '../gate-lists.ts';
import { createKeys } from '../keys.ts';
import { createStoreSession } from '../store-session.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
export const pseudonymOf = (key: string): string => sha256(`pseudonym ${key}`);

/** A gate on a real Redis of its own, with the shortest way to a batch in any state. */
export const createGateFixture = async () => {
  const server: RedisServer = await startRedis();
  const ids: IdSource = createIdSource();
  const connections: Redis[] = [];
  let environments = 0;

  const open = () => {
    const redis = new Redis(server.url);
    connections.push(redis);
    return redis;
  };

  const createGate = async () => {
    environments += 1;
    const keys = createKeys(`test-${environments}`);
    const session = createStoreSession({ redis: open(), keys });
    await session.refresh();
    const stores = {
      keys,
      session,
      drafts: createDraftStore(session),
      batches: createBatchStore(session),
      actions: createActionStore(session),
      lists: createGateLists(session),
    };
    let people = 0;

    const intake = (overrides: Partial<DraftIntake> = {}): DraftIntake => {
      people += 1;
      const email = `person${people}@company${people}.example`;
      const message = buildMessage({
        recipient: { email, name: 'Jo Fields', company: 'Meadow Works', linkedinUrl: null },
      });
      const { bytes, contentDigest } = sealMessage(message);
      const source = `source ${people}`;
      return {
        record: {
          draftId: ids.draftId(),
          lead: buildLead({ email }),
          judgement: { verdict: 'qualified', tier: 'tier_1', score: 88, reasons: ['title_ceo'] },
          claims: [],
          guards: [],
          templateId: null,
          copyPackVersion: 'pack@1+000000000000',
          policyVersion: 'policy-1',
          origin: { kind: 'agent', agent: 'test' },
          sourceKey: source,
          correlationId: 'correlation-1',
        },
        motion: 'outbound',
        outcome: 'accepted',
        reasons: ['title_ceo'],
        bytes,
        contentDigest,
        submissionDigest: sha256(source),
        sourceDigest: sha256(source),
        personKeys: [`email:${email}`],
        suppressionPseudonyms: [pseudonymOf(`email:${email}`)],
        exclusionKeys: [`email:${email}`, `domain:company${people}.example`],
        pseudonym: pseudonymOf(`email:${email}`),
        runField: null,
        actor: 'test',
        ...overrides,
      };
    };

    const approve = (draft: DraftIntake, digest = draft.contentDigest) =>
      stores.drafts.change({
        draftId: draft.record.draftId,
        motion: 'outbound',
        command: 'approve',
        expectedDigest: digest,
        fields: {},
        rejectedFingerprint: null,
        rejectionMemorySeconds: 60,
        pseudonym: draft.pseudonym,
        actor: 'reviewer',
        reason: '',
        correlationId: 'correlation-1',
      });

    const frozenAction = (draft: DraftIntake): FrozenAction => ({
      actionId: ids.actionId(),
      draftId: draft.record.draftId,
      contentDigest: draft.contentDigest,
      bytes: draft.bytes,
      channel: 'email',
      route: 'cold_email',
      recipientKey: draft.personKeys[0] ?? 'email:none@none.example',
      senderKey: 'email:sam@outreach.example',
      mode: 'sandbox',
      ledger: 'sandbox',
      provider: 'instantly',
      email: draft.record.lead.email ?? '',
      tier: 'tier_1',
      exclusionKeys: draft.exclusionKeys,
      pseudonym: draft.pseudonym,
      correlationId: 'correlation-1',
      seal: 'a seal of a test',
    });

    const freeze = async (drafts: readonly DraftIntake[], expiresInMs = 3_600_000) => {
      const batchId = ids.batchId();
      const actions = drafts.map(frozenAction);
      const preview: Preview = {
        version: 1,
        environment: 'test',
        motion: 'outbound',
        policyVersion: 'policy-1',
        copyPackVersion: 'pack@1+000000000000',
        deliveryModes: { email: 'sandbox', linkedin: 'log-only' },
        allowListDigest: sha256('[]'),
        expiresAt: new Date(Date.now() + expiresInMs).toISOString(),
        actions: actions.map(({ actionId, contentDigest, channel, route, recipientKey, senderKey }) => ({
          actionId,
          contentDigest,
          channel,
          route,
          recipientKey,
          senderKey,
        })),
      };
      const previewHash = sha256(previewBytes(preview));
      const frozen = await stores.batches.freeze({
        batchId,
        preview,
        previewHash,
        deliveryModesText: JSON.stringify(preview.deliveryModes),
        leftOut: [],
        actions,
        actor: 'operator',
        correlationId: 'correlation-1',
      });
      return { batchId, actions, previewHash, frozen };
    };

    const approvedDrafts = async (count: number): Promise<DraftIntake[]> => {
      const drafts = Array.from({ length: count }, () => intake());
      for (const draft of drafts) {
        await stores.drafts.accept(draft);
        await approve(draft);
      }
      return drafts;
    };

    const approvedBatch = async (count: number, expiresInMs?: number) => {
      const batch = await freeze(await approvedDrafts(count), expiresInMs);
      await stores.batches.change({
        batchId: batch.batchId,
        command: 'approve',
        previewHash: batch.previewHash,
        actor: 'approver',
        reason: '',
        correlationId: 'correlation-1',
      });
      return batch;
    };

    const claim = (
      batch: { batchId: string; previewHash: string },
      overrides: Partial<Parameters<typeof stores.batches.claim>[0]> = {},
    ) =>
      stores.batches.claim({
        batchId: batch.batchId,
        executionId: ids.executionId(),
        recomputedHash: batch.previewHash,
        policyVersion: 'policy-1',
        deliveryModesText: JSON.stringify({ email: 'sandbox', linkedin: 'log-only' }),
        copyPackVersion: 'pack@1+000000000000',
        allowListDigest: sha256('[]'),
        haltedByEnvironment: false,
        actor: 'operator',
        correlationId: 'correlation-1',
        ...overrides,
      });

    /** A claimed batch and the job of its first action. */
    const executing = async (count: number) => {
      const batch = await approvedBatch(count);
      await claim(batch);
      const jobs = await stores.actions.takeDue(1_000, 60_000);
      return { batch, jobs };
    };

    return {
      ...stores,
      ids,
      intake,
      approve,
      freeze,
      approvedDrafts,
      approvedBatch,
      claim,
      executing,
      redis: session.redis,
    };
  };

  return {
    server,
    ids,
    open,
    createGate,
    close: async () => {
      connections.forEach((connection) => connection.disconnect());
      await server.stop();
    },
  };
};

export type GateFixture = Awaited<ReturnType<typeof createGateFixture>>;
export type Gate = Awaited<ReturnType<GateFixture['createGate']>>;
