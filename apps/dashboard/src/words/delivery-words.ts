import type { DeliveryMode } from '@caio/contracts';
import { deliveryModeSchema } from '@caio/contracts';

/** What a delivery mode does with a message, for the strip on every screen. */
const deliveryWords: Readonly<Record<DeliveryMode, string>> = {
  'log-only': 'written to a log only',
  sandbox: 'goes to the simulator',
  'allow-list': 'goes to listed test recipients',
  live: 'LIVE: goes to real people',
};

export const channelWords: Readonly<Record<string, string>> = { email: 'E-mail', linkedin: 'LinkedIn' };

export interface DeliveryBanner {
  readonly title: string;
  readonly detail: string;
}

export const channelModes = (
  modes: Readonly<Record<string, string>>,
): readonly { readonly channel: string; readonly mode: DeliveryMode | null; readonly words: string }[] =>
  Object.entries(modes).map(([channel, value]) => {
    const mode = deliveryModeSchema.safeParse(value);
    return {
      channel: channelWords[channel] ?? channel,
      mode: mode.success ? mode.data : null,
      words: mode.success ? deliveryWords[mode.data] : `unknown mode ${value}`,
    };
  });

/** The same in one sentence; channels that do the same are named together. */
export const modesSentence = (modes: Readonly<Record<string, string>>): string => {
  const channels = channelModes(modes);
  const [first] = channels;
  if (first !== undefined && channels.every(({ words }) => words === first.words))
    return `${channels.map(({ channel }) => channel).join(' and ')}: ${first.words}`;
  return channels.map(({ channel, words }) => `${channel}: ${words}`).join(' · ');
};

/** The banner outside live: null as soon as one channel reaches real people. A mode nobody knows is no banner. */
export const deliveryBanner = (modes: Readonly<Record<string, string>>): DeliveryBanner | null => {
  const channels = channelModes(modes);
  if (channels.length === 0 || channels.some(({ mode }) => mode === null || mode === 'live')) return null;
  const detail = modesSentence(modes);
  if (channels.some(({ mode }) => mode === 'allow-list')) return { title: 'ONLY LISTED RECIPIENTS', detail };
  if (channels.some(({ mode }) => mode === 'sandbox')) return { title: 'GOES TO THE SIMULATOR', detail };
  return { title: 'NOTHING LEAVES THIS MACHINE', detail };
};
