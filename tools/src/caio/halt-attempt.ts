import type { Refusal } from './refusal.ts';
import type { TypedCommand } from './typed-command.ts';

const otherWords = new Set([
  'stop',
  'pause',
  'emergency',
  'emergency-stop',
  'emergency_stop',
  'kill',
  'hold',
]);

/** How many letters have to be put in, taken out, changed or swapped to make one word of the other. */
const lettersApart = (one: string, other: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return row[other.length] ?? 0;
};

/** Whether somebody meant to stop everything, however it was spelt; looking at the stop and lifting it are not that. */
export const meansToHalt = (argv: readonly string[]): boolean => {
  // A drill stops a stack of its own.
  if (argv.includes('--drill')) return false;
  const valued = argv[0] === '--data' ? argv.slice(2) : argv;
  const [word = '', second] = valued.filter((part) => part !== '--json' && !part.startsWith('--data='));
  const asked = word.toLowerCase();
  if (!otherWords.has(asked) && lettersApart(asked, 'halt') > (asked.length > 3 ? 2 : 1)) return false;
  if (asked !== 'halt' && ['start', 'status', 'drafts', 'audit', 'runs'].includes(asked)) return false;
  return second !== 'status' && second !== 'lift';
};

const otherWays =
  'If it cannot be stopped like this: press Ctrl-C where npm start runs, or set EMERGENCY_STOP=true for the gatekeeper and restart it.';

/** Says first what matters most to who wanted to stop everything: that it was not done. */
export const haltRefusal = (refusal: Refusal, typed: TypedCommand): Refusal => {
  const opening = refusal.certain
    ? 'NOTHING WAS STOPPED:'
    : 'NOT CONFIRMED, so count on it that NOTHING WAS STOPPED:';
  const command = typed('caio halt --reason "why everything stops"');
  const type = refusal.certain
    ? `Type: ${command}`
    : `Look with: ${typed('caio halt status')} Not stopped? Type again: ${command}`;
  const reached = refusal.exitCode === 2;
  return {
    ...refusal,
    message: `${opening} ${refusal.message}`,
    fix: [reached ? null : refusal.fix, type, reached ? null : otherWays]
      .filter((part) => part !== null)
      .join('\n'),
  };
};
