import type { ProviderName, UnknownDecision } from '@caio/contracts';

/** What a person says became of a message, and what follows from it. */
export const decisionWords: Readonly<
  Record<UnknownDecision, { readonly label: string; readonly confirm: string; readonly follows: string }>
> = {
  handed_over: {
    label: 'The provider has it…',
    confirm: 'Record: the provider has it',
    follows: 'It counts as handed over and is never sent again. It can still be taken back.',
  },
  left: {
    label: 'It was sent…',
    confirm: 'Record: it was sent',
    follows: 'It counts as sent and is never sent again. The person is left in peace like after any message.',
  },
  released: {
    label: 'It was not sent…',
    confirm: 'Record: it was not sent',
    follows:
      'It goes out by itself, once, as soon as the last check allows. If the provider took it after all, the person gets it twice.',
  },
};

export const providerWords: Readonly<Record<ProviderName, string>> = {
  log: 'the log',
  instantly: 'Instantly',
  heyreach: 'HeyReach',
  ghl: 'GoHighLevel',
  smtp: 'the mail server',
};
