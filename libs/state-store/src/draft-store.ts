import {
  type Draft,
  type DraftId,
  intakeAnswerSchema,
  type IntakeAnswer,
  type Motion,
  motionSchema,
  type PersonKey,
  personKeySchema,
} from '@caio/contracts';
import { type DraftCommand, draftArrows } from '@caio/dispatch-core';
import { z } from 'zod';
import { createDraftLists } from './draft-lists.ts';
import { draftOf, type DraftRecord, draftRecordSchema } from './draft-record.ts';
import { parseJsonRecord, parseRecord, textOrNull } from './record.ts';
import { changeDraftResults, type ChangeDraftResult, nameOf } from './result-codes.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import { storeNowMs } from './store-clock.ts';
import type { StoreSession } from './store-session.ts';

const answerKeptSeconds = 90 * 86_400;

export interface DraftIntake {
  readonly record: DraftRecord;
  readonly motion: Motion;
  readonly outcome: 'accepted' | 'parked' | 'disqualified';
  readonly reasons: readonly string[];
  readonly bytes: string;
  readonly contentDigest: string;
  readonly submissionDigest: string;
  readonly sourceDigest: string;
  readonly personKeys: readonly string[];
  readonly suppressionPseudonyms: readonly string[];
  readonly exclusionKeys: readonly string[];
  readonly pseudonym: string;
  readonly runField: { readonly runId: string; readonly field: string } | null;
  readonly actor: string;
}

export interface DraftChange {
  readonly draftId: DraftId;
  readonly motion: Motion;
  readonly command: DraftCommand;
  readonly expectedDigest: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly rejectedFingerprint: string | null;
  readonly rejectionMemorySeconds: number;
  readonly pseudonym: string;
  readonly actor: string;
  /** A code, for the audit. */
  readonly reason: string;
  /** In the words of who decided; kept with the draft alone. */
  readonly note?: string;
  /** An older draft is `expired`, whether or not it was marked so yet, by the store's clock. */
  readonly ageMaxMs?: number;
  readonly correlationId: string;
}

const storedAnswerSchema = z.object({
  outcome: intakeAnswerSchema.shape.outcome,
  draftId: z.string(),
  reasons: z.string(),
  tier: z.string(),
  score: z.string(),
});

const answerOf = (key: string, stored: z.infer<typeof storedAnswerSchema>): IntakeAnswer =>
  parseRecord(key, intakeAnswerSchema, {
    outcome: stored.outcome,
    draftId: textOrNull(stored.draftId),
    reasons: parseJsonRecord(key, z.array(z.string()), stored.reasons),
    tier: textOrNull(stored.tier),
    score: stored.score === '' ? null : Number(stored.score),
  });

/** Drafts, their review and the memory of what was rejected. Every change is one compare-and-set. */
export const createDraftStore = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const read = async (draftId: DraftId): Promise<Draft | null> => {
    const key = keys.draft(draftId);
    const hash = await redis.hgetall(key);
    return hash['status'] === undefined ? null : draftOf(key, hash);
  };

  const readMany = async (draftIds: readonly string[]): Promise<Draft[]> => {
    const pipeline = redis.pipeline();
    draftIds.forEach((id) => pipeline.hgetall(keys.draft(id)));
    const replies = (await pipeline.exec()) ?? [];
    return replies.flatMap(([error, hash], index) => {
      if (error !== null) throw error;
      const fields = parseRecord(keys.draft(draftIds[index] ?? ''), z.record(z.string(), z.string()), hash);
      return fields['status'] === undefined ? [] : [draftOf(keys.draft(draftIds[index] ?? ''), fields)];
    });
  };

  return {
    read,
    readMany,
    ...createDraftLists({ redis, keys, readMany }),

    /** Stores the draft once, or answers why not; the same submission again gets the first answer. */
    accept: async (intake: DraftIntake): Promise<IntakeAnswer> => {
      const { record } = intake;
      const reply = replyTexts(
        scripts.acceptDraft,
        await runScript(
          redis,
          scripts.acceptDraft,
          [
            keys.draft(record.draftId),
            keys.draftAnswer(intake.sourceDigest),
            keys.personDrafts(intake.motion),
            keys.suppressions,
            keys.exclusions,
            keys.draftsByStatusPrefix,
            keys.intakeAnswers(intake.runField?.runId ?? 'none'),
            keys.audit,
            keys.draftPrefix,
            keys.actionPrefix,
            keys.draftsOfPersonPrefix,
          ],
          [
            record.draftId,
            intake.outcome,
            JSON.stringify(record),
            intake.bytes,
            intake.contentDigest,
            JSON.stringify(intake.personKeys),
            JSON.stringify(intake.suppressionPseudonyms),
            JSON.stringify(intake.exclusionKeys),
            JSON.stringify(intake.reasons),
            record.judgement.tier ?? '',
            String(record.judgement.score),
            intake.runField?.field ?? '',
            answerKeptSeconds,
            intake.actor,
            record.correlationId,
            intake.pseudonym,
            intake.submissionDigest,
          ],
        ),
      );
      const [outcome = '', draftId = '', reasons = '[]', , tier = '', score = ''] = reply;
      return answerOf('accept-draft', {
        outcome: intakeAnswerSchema.shape.outcome.parse(outcome),
        draftId,
        reasons,
        tier,
        score,
      });
    },

    /** What the gate said to each row of a pipeline run, by row field. */
    answersOfRun: async (runId: string): Promise<Map<string, IntakeAnswer>> => {
      const key = keys.intakeAnswers(runId);
      const answers = new Map<string, IntakeAnswer>();
      for (const [field, text] of Object.entries(await redis.hgetall(key))) {
        answers.set(field, answerOf(key, parseJsonRecord(key, storedAnswerSchema, text)));
      }
      return answers;
    },

    /** Every name of a person we wrote a draft for: e-mail and LinkedIn, whichever of them is given. */
    namesOfPerson: async (personKey: string): Promise<PersonKey[]> => {
      const names = new Set<PersonKey>();
      for (const motion of motionSchema.options) {
        const draftId = await redis.hget(keys.personDrafts(motion), personKey);
        const stored = draftId === null ? null : await redis.hget(keys.draft(draftId), 'persons');
        if (stored !== null) {
          for (const name of parseJsonRecord(keys.draft(draftId ?? ''), z.array(personKeySchema), stored))
            names.add(name);
        }
      }
      return [...names];
    },

    /** The claims the author handed in, whatever an edit took out of the text since; none for an unknown draft. */
    submittedClaims: async (draftId: DraftId): Promise<DraftRecord['claims']> => {
      const key = keys.draft(draftId);
      const record = await redis.hget(key, 'record');
      return record === null ? [] : parseJsonRecord(key, draftRecordSchema, record).claims;
    },

    answerCountOfRun: (runId: string): Promise<number> => redis.hlen(keys.intakeAnswers(runId)),

    /** One arrow of the life cycle. `current` is the status found, or the digest when the seen one is stale. */
    change: async (change: DraftChange): Promise<{ result: ChangeDraftResult; current: string }> => {
      const arrow = draftArrows[change.command];
      const [code = '', current = ''] = replyTexts(
        scripts.changeDraft,
        await runScript(
          redis,
          scripts.changeDraft,
          [
            keys.draft(change.draftId),
            keys.draftsByStatusPrefix,
            keys.personDrafts(change.motion),
            keys.rejections(change.pseudonym),
            keys.audit,
            keys.draftsDecided,
          ],
          [
            change.draftId,
            JSON.stringify(arrow.from),
            arrow.to,
            change.expectedDigest ?? '',
            JSON.stringify(change.fields),
            change.rejectedFingerprint ?? '',
            change.rejectionMemorySeconds,
            `draft.${change.command}`,
            change.actor,
            change.reason,
            change.correlationId,
            change.pseudonym,
            change.note ?? '',
            change.ageMaxMs ?? '',
          ],
        ),
      );
      return { result: nameOf(changeDraftResults, code), current };
    },

    /** Fingerprints rejected for this person in the last `memoryMs` by the store's clock, newest last. */
    rejectedFingerprints: async (pseudonym: string, memoryMs: number): Promise<string[]> =>
      redis.zrangebyscore(keys.rejections(pseudonym), (await storeNowMs(redis)) - memoryMs, '+inf'),
  };
};

export type DraftStore = ReturnType<typeof createDraftStore>;
