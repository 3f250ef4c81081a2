/** One thing that happens. What the numbers mean depends on what there is by then, so that any of them can be left out. */
export interface Operation {
  readonly kind: OperationKind;
  readonly numbers: readonly [number, number, number];
}

/** How often each happens among a hundred or so. */
const weights = {
  submit: 14,
  decide: 16,
  freeze: 9,
  approveBatch: 10,
  closeBatch: 1,
  passExpiry: 1,
  claim: 12,
  admit: 34,
  repeatAdmit: 2,
  settle: 20,
  lose: 3,
  adopt: 2,
  takeBack: 3,
  takeDue: 2,
  suppress: 1,
  optOut: 1,
  exclude: 2,
  allow: 3,
  halt: 4,
  nextDay: 1,
} as const;

export type OperationKind = keyof typeof weights;

const kinds = Object.entries(weights).flatMap(([kind, weight]) =>
  Array.from({ length: weight }, () => kind as OperationKind),
);

/** As many operations as are asked for, from numbers in [0, 1). */
export const drawOperations = (random: () => number, count: number): Operation[] =>
  Array.from({ length: count }, () => ({
    kind: kinds[Math.floor(random() * kinds.length)] ?? 'admit',
    numbers: [Math.floor(random() * 1_000), Math.floor(random() * 1_000), Math.floor(random() * 1_000)],
  }));

export const operationText = ({ kind, numbers }: Operation): string => `${kind}(${numbers.join(', ')})`;
