import { sha256Hex } from '../../digest.ts';
import { anyHex, type AttackKind, otherThan, rehash, setAction, setBatch } from './attack.ts';
import type { Choice } from './choice.ts';
import { messageMutationKinds, mutateMessage } from './message-mutations.ts';
import type { World } from './world.ts';

/** How far somebody goes who changes a message: the text alone, what names it too, or the approved hash as well. */
const depths = ['bytes', 'digest', 'hash'] as const;

const changeMessage = (kind: string, stage: AttackKind['stage']): AttackKind => ({
  name: `message.${kind}`,
  stage,
  carryOut: async (world, choice) => {
    const { own } = world;
    const actionId = choice.of(own.actionIds);
    const bytes = mutateMessage(kind, world.originalOf(actionId).bytes, choice);
    const depth = choice.of(depths);
    await setAction(world, actionId, { bytes, ...(depth === 'bytes' ? {} : { digest: sha256Hex(bytes) }) });
    if (depth === 'hash' && stage === 'approved')
      await setBatch(world, own.batchId, { previewHash: await rehash(world, own.batchId) });
    return { mayNotLeave: [actionId], ...(stage === 'approved' ? { execute: [own.batchId] } : {}) };
  },
});

const changeAction = (
  name: string,
  fieldsOf: (world: World, actionId: string, choice: Choice) => Record<string, string>,
): AttackKind[] =>
  (['approved', 'executing'] as const).map((stage) => ({
    name: `action.${name}`,
    stage,
    carryOut: async (world, choice) => {
      const actionId = choice.of(world.own.actionIds);
      await setAction(world, actionId, fieldsOf(world, actionId, choice));
      return {
        mayNotLeave: [actionId],
        ...(stage === 'approved' ? { execute: [world.own.batchId] } : {}),
      };
    },
  }));

const recordAttacks: readonly AttackKind[] = [
  ...changeAction('tier', (world, id, choice) => ({
    tier: otherThan(['tier_1', 'tier_2', 'tier_3', 'tier_4'], String(world.originalOf(id).tier), choice),
  })),
  ...changeAction('exclusionKeys', (_, __, choice) => ({
    exclusionKeys: choice.of(['[]', '["domain:elsewhere.example"]', '["email:eve@elsewhere.example"]']),
  })),
  ...changeAction('email', () => ({ email: 'eve@elsewhere.example' })),
  ...changeAction('mode', (_, __, choice) => ({ mode: choice.of(['live', 'allow-list', 'log-only']) })),
  ...changeAction('ledger', (_, __, choice) => ({ ledger: choice.of(['real', 'log-only']) })),
  ...changeAction('provider', (_, __, choice) => ({
    provider: choice.of(['smtp', 'ghl', 'heyreach', 'log']),
  })),
  ...changeAction('channel', () => ({ channel: 'linkedin' })),
  ...changeAction('draft', (world, _, choice) => ({
    draftId: world.originalOf(choice.of(world.other.actionIds)).draftId,
  })),
  ...changeAction('batch', (world, _, choice) => ({
    batchId: choice.of([world.other.batchId, world.unapproved.batchId]),
  })),
  ...changeAction('digest', (_, __, choice) => ({ digest: anyHex(choice) })),
  ...changeAction('seal', (_, __, choice) => ({ seal: anyHex(choice) })),
  ...changeAction('sealOfAnother', (world, id, choice) => ({
    seal: world.originalOf(otherThan([...world.own.actionIds, ...world.other.actionIds], id, choice)).seal,
  })),
  ...changeAction('messageOfAnother', (world, id, choice) => {
    const { bytes, digest, seal } = world.originalOf(
      otherThan(
        [...world.own.actionIds, ...world.other.actionIds, ...world.unapproved.actionIds],
        id,
        choice,
      ),
    );
    return choice.of<Record<string, string>>([{ bytes }, { bytes, digest }, { bytes, digest, seal }]);
  }),
];

/** What was approved for one is used for the other. */
const swap = (stage: AttackKind['stage']): AttackKind => ({
  name: 'action.swapped',
  stage,
  carryOut: async (world, choice) => {
    const one = choice.of(world.own.actionIds);
    const other = otherThan([...world.own.actionIds, ...world.other.actionIds], one, choice);
    const fields = choice.of([
      ['bytes'],
      ['digest'],
      ['bytes', 'digest'],
      ['bytes', 'digest', 'seal'],
      ['bytes', 'digest', 'seal', 'email', 'recipientKey', 'draftId', 'exclusionKeys'],
    ] as const);
    const [first, second] = await Promise.all(
      [one, other].map((id) => world.redis.hmget(world.keys.action(id), ...fields)),
    );
    const named = (values: readonly (string | null)[] = []): Record<string, string> =>
      Object.fromEntries(fields.map((field, at) => [field, values[at] ?? '']));
    await setAction(world, one, named(second));
    await setAction(world, other, named(first));
    return {
      mayNotLeave: [one, other],
      ...(stage === 'approved' ? { execute: [world.own.batchId, world.other.batchId] } : {}),
    };
  },
});

/** Ways to change what is sent to one person. Messages weigh most: there are most ways to change one. */
export const actionAttacks: readonly AttackKind[] = [
  ...messageMutationKinds.flatMap((kind) => [
    changeMessage(kind, 'approved'),
    changeMessage(kind, 'executing'),
  ]),
  ...recordAttacks,
  swap('approved'),
  swap('executing'),
];
