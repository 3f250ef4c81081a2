export const reviewCommands = [
  'next',
  'previous',
  'approve',
  'edit',
  'reject',
  'undo',
  'stop',
  'help',
] as const;
export type ReviewCommand = (typeof reviewCommands)[number];

/** Every shortcut with what it does, in the order the help shows them. Up and down go on scrolling the text. */
export const shortcuts: readonly {
  readonly command: ReviewCommand;
  readonly keys: readonly string[];
  readonly does: string;
}[] = [
  { command: 'next', keys: ['j', 'ArrowRight'], does: 'next card' },
  { command: 'previous', keys: ['k', 'ArrowLeft'], does: 'previous card' },
  { command: 'approve', keys: ['a'], does: 'approve the text as shown' },
  { command: 'edit', keys: ['e'], does: 'edit the text' },
  { command: 'reject', keys: ['r'], does: 'reject, with a tag and a reason' },
  { command: 'undo', keys: ['u'], does: 'take the last approval back' },
  { command: 'stop', keys: ['s'], does: 'stop everything (asks first)' },
  { command: 'help', keys: ['?'], does: 'show this list' },
];

export interface KeyPress {
  readonly key: string;
  readonly withModifier: boolean;
  /** Whether the key goes into a field the person writes in. */
  readonly whileTyping: boolean;
  readonly inDialog: boolean;
}

/** The command of a key, or null: while typing, in a dialog and with Ctrl, Alt or Meta a key means what it always does. */
export const commandOf = ({ key, withModifier, whileTyping, inDialog }: KeyPress): ReviewCommand | null => {
  if (withModifier || whileTyping || inDialog) return null;
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  return shortcuts.find(({ keys }) => keys.includes(wanted))?.command ?? null;
};
