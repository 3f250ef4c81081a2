import type { Bar } from '@caio/contracts';

/** What is next with something whose person may not be written to: nothing, whatever else stands open. */
export const barredOr = (bar: Bar | null, otherwise: string): string =>
  bar === null
    ? otherwise
    : `Nothing goes out: this person is ${bar}, which no review and no change of the text settles.`;
