/** An instant in the reader's own zone, with the zone named: `20 Nov, 10:42 CET`. */
export const instantWords = (at: string): string =>
  new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(at));

/** The time of day of an instant in the reader's zone. */
export const timeWords = (at: number): string =>
  new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);
