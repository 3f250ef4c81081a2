// Risk: the banner says that nothing leaves while real people are written to.
import { deliveryModeSchema } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { deliveryBanner, modesSentence } from './delivery-words.ts';

test.each([
  [{ email: 'log-only', linkedin: 'log-only' }, 'NOTHING LEAVES THIS MACHINE'],
  [{ email: 'sandbox', linkedin: 'log-only' }, 'GOES TO THE SIMULATOR'],
  [{ email: 'log-only', linkedin: 'sandbox' }, 'GOES TO THE SIMULATOR'],
  [{ email: 'allow-list', linkedin: 'log-only' }, 'ONLY LISTED RECIPIENTS'],
])('%j is titled %s', (modes, title) => {
  expect(deliveryBanner(modes)?.title).toBe(title);
});

test.each(deliveryModeSchema.options)('one live channel beside %s takes the banner away', (other) => {
  expect(deliveryBanner({ email: 'live', linkedin: other })).toBeNull();
});

const unclear: readonly Record<string, string>[] = [
  {},
  { email: 'liveish' },
  { email: 'log-only', linkedin: 'something new' },
];
test.each(unclear)('no promise is made about %j', (modes) => {
  expect(deliveryBanner(modes)).toBeNull();
});

test('channels that do the same are named together', () => {
  expect(modesSentence({ email: 'log-only', linkedin: 'log-only' })).toBe(
    'E-mail and LinkedIn: written to a log only',
  );
  expect(modesSentence({ email: 'live', linkedin: 'log-only' })).toBe(
    'E-mail: LIVE: goes to real people · LinkedIn: written to a log only',
  );
});
