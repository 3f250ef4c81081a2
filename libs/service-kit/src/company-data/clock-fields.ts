/** True for a zone this machine can compute with, e.g. `America/Detroit`. */
export const isTimezone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const minutesOf = (hour: string): number => Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3));

/** True when `HH:MM` to `HH:MM` is a stretch of one day; `24:00` ends it. */
export const isDayWindow = (from: string, to: string): boolean =>
  minutesOf(from) < minutesOf(to) && minutesOf(to) <= 24 * 60;
