import { actionAttacks } from './action-attacks.ts';
import type { AttackKind } from './attack.ts';
import { batchAttacks } from './batch-attacks.ts';
import { doorAttacks, forgeries, rulesAttacks } from './forgeries.ts';

/** Every way in which an approved batch is changed. */
export const attackKinds: readonly AttackKind[] = [
  ...actionAttacks,
  ...batchAttacks,
  ...forgeries,
  ...rulesAttacks,
  ...doorAttacks,
];
