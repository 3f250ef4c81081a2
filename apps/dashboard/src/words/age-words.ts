const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** A length of time in the largest unit that says enough: `8 minutes`, `3 hours`, `4 days`. */
export const lengthWords = (ms: number): string => {
  const whole = Math.max(0, ms);
  if (whole < minuteMs) return 'less than a minute';
  if (whole < hourMs) return counted(Math.floor(whole / minuteMs), 'minute');
  if (whole < 2 * dayMs) return counted(Math.floor(whole / hourMs), 'hour');
  return counted(Math.floor(whole / dayMs), 'day');
};

/** How long ago an instant was. A clock that runs ahead gives `just now`, never a negative age. */
export const agoWords = (at: string, nowMs: number): string => {
  const ms = nowMs - Date.parse(at);
  return ms < minuteMs ? 'just now' : `${lengthWords(ms)} ago`;
};

/** The same for a narrow place: `8 min`, `3 h`, `4 d`. */
export const shortAge = (at: string, nowMs: number): string => {
  const ms = Math.max(0, nowMs - Date.parse(at));
  if (ms < minuteMs) return 'now';
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  return ms < 2 * dayMs ? `${Math.floor(ms / hourMs)} h` : `${Math.floor(ms / dayMs)} d`;
};

export interface DraftAge {
  readonly words: string;
  readonly stale: boolean;
}

/** The age of a draft since it was written; it is stale from `staleHours` on, and still shown. Null: nobody said. */
export const draftAge = (createdAt: string, nowMs: number, staleHours: number | null): DraftAge => {
  const ms = nowMs - Date.parse(createdAt);
  return { words: agoWords(createdAt, nowMs), stale: staleHours !== null && ms >= staleHours * hourMs };
};

/** What is left until an instant, as a clock: `3 h 07 min`, `12 min 05 s`, or null once it has passed. */
export const countdownWords = (until: string, nowMs: number): string | null => {
  const ms = Date.parse(until) - nowMs;
  if (ms <= 0) return null;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(ms / hourMs);
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return `${minutes} min ${two(Math.floor((ms % minuteMs) / 1_000))} s`;
};
