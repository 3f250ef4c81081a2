import type { Gate } from '../gate-fixture.ts';
import { sha256 } from '../gate-fixture.ts';
import {
  caps,
  claimRules,
  deliveries,
  draftCommands,
  draftsMax,
  emailOf,
  linkedinOf,
  outcomes,
  people,
  pick,
} from './choices.ts';
import { changeBatch, claim, type Claim, decide, type Freeze, freeze, submit } from './model.ts';
import type { Operation } from './operation.ts';
import { admit, adopt, type Ask, lose, settle, takeBack } from './sending-model.ts';
import { audit, batchOf, createState, type ModelAction, type ModelBatch, type ModelState } from './state.ts';
import { createStoreSide } from './store-side.ts';

/** Both sides of one environment, and how an operation is done to them. */
export const createBothSides = (gate: Gate) => {
  const state: ModelState = createState();
  const store = createStoreSide(gate);
  let day = 1;
  let submissions = 0;

  const drafts = () => [...state.drafts.values()];
  /** Mostly one that this can happen to, so that things go all their way; any of them sometimes. */
  const someOf = <T extends { readonly status: string }>(
    all: readonly T[],
    number: number,
    statuses: readonly string[],
  ): T | undefined =>
    number % 9 === 0
      ? pick(all, number)
      : pick(
          all.filter(({ status }) => statuses.includes(status)),
          number,
        );
  const someBatch = (number: number, ...statuses: string[]): ModelBatch | undefined =>
    someOf([...state.batches.values()], number, statuses);
  const someAction = (number: number, ...statuses: string[]): ModelAction | undefined =>
    someOf([...state.actions.values()], number, statuses);
  const keyOf = (number: number): string =>
    number % 2 === 0 ? emailOf(number % people) : linkedinOf(number % people);

  const askOf = (
    action: ModelAction,
    number: number,
    other: number,
  ): Ask & { dayKey: string; domain: string } => {
    const dayKey = `2026-01-${String(day).padStart(2, '0')}`;
    const domain = `company${number % 3}.example`;
    const counted = { ledger: action.ledger, channel: 'email' } as const;
    const { sent } = gate.keys;
    // One thing in a while is not as it should be.
    const wrong = other % 30;
    return {
      attemptId: gate.ids.attemptId(),
      isOfThisExecution: wrong !== 1,
      digest: wrong === 2 ? sha256('another text') : action.digest,
      stoppedHere: wrong === 3,
      routeAllowed: wrong !== 4,
      mode: wrong === 5 ? 'log-only' : action.mode,
      policyVersion: wrong === 6 ? 'policy-2' : 'policy-1',
      tiers: wrong === 7 ? ['tier_1'] : ['tier_1', 'tier_2'],
      windowOpen: wrong !== 8,
      clockIsRight: wrong !== 9 && wrong !== 10,
      counters: [
        sent(counted, 'hour', `${dayKey}T10`),
        sent(counted, 'day', dayKey),
        sent(counted, 'month', '2026-01'),
        sent(counted, 'domain', dayKey, domain),
        sent(counted, 'mailbox', dayKey, 'email:sam@outreach.example'),
      ],
      caps,
      ...{ dayKey, domain },
    };
  };

  /** What the model says and what the store says; null where there is nothing to do it to. */
  const carryOut = async ({ kind, numbers: [a, b, c] }: Operation): Promise<[string, string] | null> => {
    switch (kind) {
      case 'submit': {
        if (state.drafts.size >= draftsMax) return null;
        const person = a % people;
        const repeats = c % 12 === 0 && submissions > 0;
        const source = repeats ? a % submissions : submissions;
        if (!repeats) submissions += 1;
        const one = {
          draftId: gate.ids.draftId(),
          motion: b % 4 === 0 ? 'revival' : 'outbound',
          persons:
            [[emailOf(person)], [emailOf(person), linkedinOf(person)], [linkedinOf(person)]][b % 3] ?? [],
          exclusionKeys: [emailOf(person), `domain:company${person % 3}.example`],
          digest: sha256(`text ${a} ${b} ${c}`),
          outcome:
            ([...Array<'accepted'>(8).fill('accepted'), 'parked', 'disqualified'] as const)[c % 10] ??
            'accepted',
          source: `source ${source}`,
          submission: c % 24 === 0 ? `another ${source}` : `work ${source}`,
        } as const;
        return [submit(state, one), await store.submit(one)];
      }
      case 'decide': {
        const waiting = drafts().filter(({ status }) => status === 'pending' || status === 'parked');
        const draft = a % 4 === 0 || waiting.length === 0 ? pick(drafts(), a) : pick(waiting, a);
        if (draft === undefined) return null;
        const command = pick(draftCommands, b) ?? 'approve';
        const seen = c % 15 === 0 ? sha256('an older text') : draft.digest;
        const text = sha256(`edited ${a} ${c}`);
        return [
          decide(state, draft.draftId, command, seen, text),
          await store.decide(draft, command, seen, text),
        ];
      }
      case 'freeze': {
        const ready = c % 10 === 0 ? drafts() : drafts().filter(({ status }) => status === 'approved');
        const chosen = ready.slice(a % Math.max(1, ready.length)).slice(0, 1 + (b % 3));
        const delivery = pick(deliveries, c);
        if (chosen.length === 0 || delivery === undefined) return null;
        const half = {
          batchId: gate.ids.batchId(),
          ...delivery,
          tier: b % 2 === 0 ? 'tier_1' : 'tier_2',
          drafts: chosen.map(({ draftId, digest }) => ({
            draftId,
            digest: b % 20 === 0 ? sha256('an older text') : digest,
            actionId: gate.ids.actionId(),
          })),
        };
        const one: Freeze = { ...half, previewHash: store.hashOf(half) };
        return [
          freeze(state, one),
          await store.freeze(
            one,
            (draftId) => state.drafts.get(draftId)?.persons ?? [],
            (draftId) => state.drafts.get(draftId)?.exclusionKeys ?? [],
          ),
        ];
      }
      case 'approveBatch':
      case 'closeBatch': {
        const batch = someBatch(a, ...(kind === 'approveBatch' ? ['pending'] : ['pending', 'approved']));
        if (batch === undefined) return null;
        const command =
          kind === 'approveBatch'
            ? 'approve'
            : ((['reject', 'revoke', 'expire'] as const)[b % 3] ?? 'expire');
        const hash = c % 25 === 0 ? sha256('another batch') : batch.previewHash;
        const answer = changeBatch(state, batch, command, hash);
        return [answer, await store.changeBatch(batch, command, hash)];
      }
      case 'passExpiry': {
        const batch = someBatch(a, 'pending', 'approved', 'executing', 'executing');
        if (batch === undefined) return null;
        if (b % 2 === 0) {
          batch.past = true;
          await store.passExpiry(batch);
        } else if (batch.status === 'executing') {
          batch.late = true;
          await store.grow(batch);
        }
        return ['passed', 'passed'];
      }
      case 'claim': {
        const batch = someBatch(a, 'approved');
        if (batch === undefined) return null;
        const one: Claim = {
          executionId: gate.ids.executionId(),
          hash: c % 25 === 0 ? sha256('another batch') : batch.previewHash,
          rules: pick(claimRules, b) ?? 'same',
        };
        const expected = claim(state, batch, one);
        const { answer, fence } = await store.claim(batch, one);
        return [`${expected} ${expected === 'claimed' ? batch.fence : 0}`, `${answer} ${fence}`];
      }
      case 'admit': {
        const action = someAction(a, 'queued');
        if (action === undefined) return null;
        const ask = askOf(action, b, c);
        const batch = batchOf(state, action);
        return [admit(state, action, ask), await store.admit(action, batch, ask)];
      }
      case 'repeatAdmit': {
        const action = someAction(a, 'sending');
        if (action === undefined || action.attemptId === '') return null;
        const ask = { ...askOf(action, b, 0), attemptId: action.attemptId };
        const batch = batchOf(state, action);
        return [admit(state, action, ask), await store.admit(action, batch, ask)];
      }
      case 'settle': {
        const action = someAction(a, 'sending', 'unknown');
        if (action === undefined) return null;
        const to = pick(outcomes, b) ?? 'unknown';
        const outcome = {
          attemptId: c % 10 === 0 || action.attemptId === '' ? 'att_of_a_stranger' : action.attemptId,
          ...{ to, stillHeld: to === 'handed_over' && c % 3 !== 0 },
        };
        return [settle(state, action, outcome), await store.settle(action, outcome)];
      }
      case 'lose': {
        const action = someAction(a, 'sending');
        if (action === undefined) return null;
        // The store first: the model changes what it is asked about.
        const answer = await store.lose(action);
        return [lose(state, action), answer];
      }
      case 'adopt': {
        const action = someAction(a, 'unknown', 'queued');
        if (action === undefined) return null;
        const to = b % 2 === 0 ? 'handed_over' : 'left';
        const found = { to, stillHeld: to === 'handed_over' && c % 3 !== 0 } as const;
        return [adopt(state, action, found), await store.adopt(action, found)];
      }
      case 'takeBack': {
        const action = someAction(a, 'handed_over');
        if (action === undefined) return null;
        return [takeBack(state, action), await store.takeBack(action)];
      }
      case 'takeDue': {
        const due = [...state.actions.values()]
          .filter(({ status }) => status === 'queued')
          .map((one) => `${one.actionId} ${one.batchId} ${batchOf(state, one).fence}`);
        return [due.sort().join(', '), await store.takeDue()];
      }
      case 'suppress': {
        const person = keyOf(a);
        const known = state.suppressed.has(person);
        state.suppressed.add(person);
        if (!known) audit(state, 'person.suppressed', 'suppression', 'unsubscribed', '');
        return [known ? '0 1' : '1 0', await store.suppress(person)];
      }
      case 'optOut': {
        const person = keyOf(a);
        if (b % 2 === 0) state.optedOut.add(person);
        else state.optedOut.delete(person);
        await store.optOut(person, b % 2 === 0 ? 'asked' : 'done');
        return ['noted', 'noted'];
      }
      case 'exclude': {
        const key = b % 5 === 0 ? `domain:company${a % 3}.example` : emailOf(a % people);
        const was = state.excluded.has(key);
        const change = c % 3 === 0 ? 'add' : 'remove';
        if (change === 'add') state.excluded.add(key);
        else state.excluded.delete(key);
        if (change === 'add' && !was) audit(state, 'exclusion.added', 'exclusion', '', '');
        if (change === 'remove' && was) audit(state, 'exclusion.removed', 'exclusion', '', '');
        const expected = change === 'add' ? (was ? '0 1 0 0' : '1 0 0 0') : was ? '0 0 1 0' : '0 0 0 1';
        return [expected, await store.exclude(key, change)];
      }
      case 'allow':
        state.allowed.add(keyOf(a));
        await store.allow(keyOf(a));
        return ['noted', 'noted'];
      case 'halt': {
        // Mostly lifted, or nothing would happen any more.
        const change = (state.halted ? a % 9 : a % 25) === 0 ? 'stop' : 'lift';
        const was = state.halted;
        state.halted = change === 'stop';
        if (was !== state.halted) audit(state, was ? 'halt.lifted' : 'halt.set', 'halt', '', '');
        else if (was) audit(state, 'halt.repeated', 'halt', '', '');
        return [String(was !== state.halted), await store.halt(change)];
      }
      case 'nextDay':
        day = (day % 27) + 1;
        return ['noted', 'noted'];
    }
  };

  return { state, carryOut };
};
