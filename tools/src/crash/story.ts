import { draftListSchema, frozenBatchSchema } from '@caio/contracts';
import { createPackDrafter } from '@caio/outreach-core';
import { loadCompany } from '@caio/service-kit';
import { join } from 'node:path';
import { z } from 'zod';
import { type ApprovedDraft, approvedDraftOf, submissionsOf } from './people.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

interface StoryState {
  approved: ApprovedDraft[];
  /** Batches in the order of the scenario, as far as they were frozen. */
  batchIds: string[];
  approvedBatches: Set<string>;
  /** Every batch was asked to execute. */
  isExecuting: boolean;
}

const approveAtOnce = 8;
const codeSchema = z.object({ error: z.object({ code: z.string() }) });

export const codeOf = (body: unknown): string => codeSchema.safeParse(body).data?.error.code ?? '';

const must = (what: string, { status, body }: { status: number; body: unknown }): unknown => {
  if (status >= 400) throw new Error(`${what} was answered ${status} ${codeOf(body)}`);
  return body;
};

/** People's part, from a lead to a batch that executes. Whoever gets no answer asks again, as people do. */
export const createStory = (scenario: Scenario, world: World, root: string) => {
  const { ask, keys, store } = world;
  const state: StoryState = {
    ...{ approved: [], batchIds: [], approvedBatches: new Set(), isExecuting: false },
  };

  const approveDrafts = async (): Promise<void> => {
    const { pack } = loadCompany(join(root, 'config/copy-pack/harbor-pine'), {
      environment: world.environment,
    });
    const wanted = await submissionsOf(createPackDrafter(pack), scenario.batches, scenario.sharedPerson);
    for (let at = 0; at < wanted.length; at += approveAtOnce) {
      const some = wanted.slice(at, at + approveAtOnce);
      const lines = Buffer.from(some.map(({ submission }) => JSON.stringify(submission)).join('\n'));
      must('submitting', await ask('POST', '/api/drafts', lines));
    }
    const batchOf = new Map(wanted.map(({ submission, batch }) => [submission.lead.email, batch]));
    const { drafts } = draftListSchema.parse(
      must('listing drafts', await ask('GET', '/api/drafts?status=pending&limit=500')),
    );
    for (let at = 0; at < drafts.length; at += approveAtOnce) {
      await Promise.all(
        drafts.slice(at, at + approveAtOnce).map(async (draft) => {
          const { draftId, contentDigest } = draft;
          const answer = await ask('POST', `/api/drafts/${draftId}/approve`, { contentDigest });
          // Asked a second time because the first answer was lost, it is approved already.
          if (answer.status !== 409) must('approving a draft', answer);
          const batch = batchOf.get(draft.message.recipient.email) ?? 0;
          state.approved.push(approvedDraftOf(draft, batch));
        }),
      );
    }
  };

  const freeze = async (batch: number): Promise<void> => {
    const draftIds = state.approved.filter((draft) => draft.batch === batch).map(({ draftId }) => draftId);
    const answer = await ask('POST', '/api/batches', { motion: 'outbound', draftIds });
    if (answer.status < 400) {
      const { batch: frozen } = frozenBatchSchema.parse(answer.body);
      if (frozen !== null) return void state.batchIds.push(frozen.batchId);
    }
    // The answer to an earlier asking was lost: then the drafts say which batch they are in.
    for (const draftId of draftIds) {
      const batchId = await store.redis.hget(keys.draft(draftId), 'batchId');
      if (batchId !== null && batchId !== '') return void state.batchIds.push(batchId);
    }
    // The only one in it was somebody whose other message is on its way.
    if (scenario.sharedPerson && codeOf(answer.body) === 'empty_scope') return;
    throw new Error(`freezing was answered ${answer.status} ${codeOf(answer.body)}`);
  };

  const approve = async (batchId: string): Promise<void> => {
    const previewHash = (await store.redis.hget(keys.batch(batchId), 'previewHash')) ?? '';
    const answer = await ask('POST', `/api/batches/${batchId}/approve`, { previewHash });
    if (answer.status !== 409) must('approving a batch', answer);
    state.approvedBatches.add(batchId);
  };

  return {
    state,
    prepare: async (): Promise<void> => {
      await approveDrafts();
      for (const batch of scenario.batches.keys()) await freeze(batch);
      for (const batchId of state.batchIds) await approve(batchId);
    },
    execute: async (): Promise<void> => {
      for (const batchId of state.batchIds) await ask('POST', `/api/batches/${batchId}/execute`);
      state.isExecuting = true;
    },
  };
};

export type Story = ReturnType<typeof createStory>;
