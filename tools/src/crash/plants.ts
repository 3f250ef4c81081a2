import type { Fault } from '@caio/test-kit';
import { admissionPlants } from './admission-plants.ts';
import { onPost, oneByOne, type Plant, scriptFolder, slowly, tooMany } from './plant.ts';
import { type Life, firstAddress, scenarioOf, soundLife } from './scenario.ts';

const settle = `${scriptFolder}/settle-action-*.lua`;
const dispatch = 'apps/gatekeeper/src/use-cases/dispatch-action.ts';
const instantly = 'apps/gatekeeper/src/providers/instantly.ts';

const dies = (at: string): readonly Life[] => [{ ...soundLife, plan: [`kill:${at}`] }];
const standsStill = (at: string): readonly Life[] => [{ ...soundLife, plan: [`stop:${at}`] }];
const cut = (hit: number): Fault => onPost(hit, { kind: 'cut', when: 'after_acceptance' });

/** Each is one that a rehearsal has to catch; a run in which one is not caught shows nothing. */
export const plants: readonly Plant[] = [
  ...admissionPlants,
  {
    name: 'settled-before-sent',
    file: dispatch,
    find: "deps.faults.reach('before-provider-call');",
    replace:
      "await settle(action, attemptId, { outcome: 'accepted', providerMessageId: 'x', holdsBeforeMailing: true, proof: 'x' });\ndeps.faults.reach('before-provider-call');",
    scenario: scenarioOf('settled-before-sent', { batches: [8], lives: [dies('before-provider-call:3')] }),
  },
  {
    name: 'unknown-retried',
    file: dispatch,
    find: "return { ...nothing, to: 'unknown', code: outcome.code };",
    replace: "return { ...nothing, to: 'released', code: outcome.code };",
    scenario: scenarioOf('unknown-retried', { batches: [5], provider: [cut(2)] }),
  },
  {
    name: 'lost-reply-taken-for-admission',
    file: dispatch,
    find: 'answer = await askToAdmit(job, action, execution, message, attemptId);',
    replace:
      'answer = await askToAdmit(job, action, execution, message, attemptId).catch(() => ({ admitted: true, leaseUntilMs: 0 }));',
    scenario: scenarioOf('lost-reply-taken-for-admission', {
      ...oneByOne,
      batches: [8],
      mishaps: [{ after: 1, kind: 'lose-request' }],
    }),
  },
  {
    name: 'release-refunded-twice',
    file: settle,
    find: "      redis.call('DECR', key)\n",
    replace: "      redis.call('DECR', key) redis.call('DECR', key)\n",
    scenario: scenarioOf('release-refunded-twice', { batches: [8], workers: [2], provider: [tooMany(5)] }),
  },
  {
    name: 'release-not-refunded',
    file: settle,
    find: "      redis.call('DECR', key)\n",
    replace: '\n',
    scenario: scenarioOf('release-not-refunded', { batches: [6], provider: [tooMany(3)] }),
  },
  {
    name: 'audit-row-missing',
    file: settle,
    find: "appendAudit(KEYS[8], { at = now, kind = 'action.' .. outcome",
    replace: "local _ = ({ at = now, kind = 'action.' .. outcome",
    scenario: scenarioOf('audit-row-missing', { batches: [4] }),
  },
  {
    name: 'batch-closed-early',
    file: `${scriptFolder}/parts/close-batch.lua`,
    find: "{ 'frozen', 'queued', 'sending', 'unknown' }",
    replace: "{ 'frozen', 'queued', 'sending' }",
    scenario: scenarioOf('batch-closed-early', { batches: [3], provider: [cut(3)] }),
  },
  {
    name: 'lease-ignored',
    file: `${scriptFolder}/lose-actions-*.lua`,
    find: "'-inf', now, 'LIMIT'",
    replace: "'-inf', 0, 'LIMIT'",
    scenario: scenarioOf('lease-ignored', { batches: [5], lives: [dies('after-admit:2')] }),
  },
  {
    name: 'claim-not-exclusive',
    file: `${scriptFolder}/claim-batch-*.lua`,
    find: "if batch[1] ~= 'approved' then return { 2, batch[1] } end",
    replace: '',
    scenario: scenarioOf('claim-not-exclusive', {
      ...oneByOne,
      mishaps: [{ after: 2, kind: 'claim-again' }],
    }),
  },
  {
    name: 'taken-action-forgotten',
    file: `${scriptFolder}/take-due-actions-*.lua`,
    find: "redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), actionId)",
    replace: "redis.call('ZREM', KEYS[1], actionId)",
    scenario: scenarioOf('taken-action-forgotten', { batches: [5], lives: [dies('before-enqueue:1')] }),
  },
  {
    name: 'retry-swallowed-by-its-twin',
    file: 'apps/gatekeeper/src/use-cases/enqueue-due-actions.ts',
    find: '`${payload.actionId}-${payload.attempt}`',
    replace: 'payload.actionId',
    scenario: scenarioOf('retry-swallowed-by-its-twin', { batches: [5], provider: [tooMany(2)] }),
  },
  {
    name: 'send-deadline-ignored',
    file: 'apps/gatekeeper/src/providers/http-exchange.ts',
    find: 'this.options.monotonicMs() >= writeDeadlineMs',
    replace: 'writeDeadlineMs < 0',
    scenario: scenarioOf('send-deadline-ignored', {
      workers: [3, 3],
      lives: [standsStill('before-post-lead:2'), []],
      stopMs: 5_000,
      healAfterMs: 8_000,
    }),
  },
  {
    name: 'read-back-skipped',
    file: instantly,
    find: 'const answer = await readBack(added.value.id, correlationId);',
    replace:
      "return { outcome: 'accepted', providerMessageId: added.value.id, holdsBeforeMailing: true, proof: 'x' };\nconst answer = await readBack(added.value.id, correlationId);",
    scenario: scenarioOf('read-back-skipped', {
      batches: [4],
      provider: [
        {
          ...onPost(1, { kind: 'alter', subject: 'Words that nobody approved' }),
          hit: 'every',
          email: firstAddress,
        },
      ],
    }),
  },
  {
    name: 'absence-trusted-once',
    file: 'libs/dispatch-core/src/unknown-standing.ts',
    find: 'looksForAbsence = 2;',
    replace: 'looksForAbsence = 1;',
    scenario: scenarioOf('absence-trusted-once', {
      batches: [1],
      provider: [
        cut(1),
        ...[1, 2, 3, 4].map((hit): Fault => ({
          endpoint: 'POST /leads/list',
          hit,
          effect: { kind: 'status', status: 503 },
        })),
        { endpoint: 'POST /leads/list', hit: 5, effect: { kind: 'empty_page' } },
      ],
      healAfterMs: 10_000,
    }),
  },
  {
    name: 'owner-not-proven-dead',
    file: 'apps/gatekeeper/src/attempts-in-hand.ts',
    find: 'self.isProvenDead(owner) ||',
    replace: 'owner !== self.id ||',
    scenario: scenarioOf('owner-not-proven-dead', {
      workers: [3, 3],
      lives: [standsStill('before-post-lead:1'), []],
      stopMs: 11_000,
      healAfterMs: 14_000,
    }),
  },
  {
    name: 'take-back-not-read-back',
    file: 'apps/gatekeeper/src/providers/instantly/take-back.ts',
    find: 'return after.leads.length > 0',
    replace: 'return after.leads.length > 1_000',
    scenario: scenarioOf('take-back-not-read-back', {
      ...oneByOne,
      provider: [slowly(150), { endpoint: 'DELETE /leads/:id', effect: { kind: 'ignore' } }],
      mishaps: [{ after: 3, kind: 'take-back' }],
    }),
  },
  {
    name: 'server-error-taken-for-a-no',
    file: 'libs/contracts/src/provider-outcomes/instantly.ts',
    find: "{ from: 500, to: 599, outcome: 'unknown', code: 'provider_failed' }",
    replace: "{ from: 500, to: 599, outcome: 'released', code: 'provider_failed', retryDefaultMs: 500 }",
    scenario: scenarioOf('server-error-taken-for-a-no', {
      batches: [4],
      provider: [onPost(2, { kind: 'status', status: 500, when: 'after_acceptance' })],
    }),
  },
];
