import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Life } from './scenario.ts';

/**
 * A module that a process loads before anything else and that makes every clock of its own wrong: what the process itself
 * asks, and what any library in it asks. Monotonic time goes on as it was.
 */
const moduleText = ({ clockOffsetMs, clockJumpsAfterMs }: Life): string => `
const RightDate = Date;
const jumpsAt = RightDate.now() + ${clockJumpsAfterMs};
const now = () => { const right = RightDate.now(); return right >= jumpsAt ? right + ${clockOffsetMs} : right; };
globalThis.Date = class Date extends RightDate {
  constructor(...given) { if (given.length === 0) super(now()); else super(...given); }
  static now() { return now(); }
};
`;

/** Arguments for node, and what the process's clock says at a moment of ours. */
export const skewedClock = (
  life: Life,
  folder: string,
  name: string,
): { arguments: string[]; read: (startedAtMs: number, nowMs: number) => number } => {
  if (life.clockOffsetMs === 0) return { arguments: [], read: (_, nowMs) => nowMs };
  const file = join(folder, `clock-${name}.cjs`);
  writeFileSync(file, moduleText(life));
  return {
    arguments: ['--require', file],
    read: (startedAtMs, nowMs) =>
      nowMs >= startedAtMs + life.clockJumpsAfterMs ? nowMs + life.clockOffsetMs : nowMs,
  };
};
