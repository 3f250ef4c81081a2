import { type Message, messageSchema } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import type { Choice } from './choice.ts';

/** Letters that look the same to a reader and are others to a machine. */
const twinsOfLetters: Readonly<Record<string, string>> = {
  a: 'а', // Cyrillic
  c: 'с',
  e: 'е',
  i: 'і',
  o: 'ο', // Greek
  p: 'р',
  x: 'х',
  y: 'у',
  A: 'Α',
  H: 'Н',
  M: 'М',
  T: 'Т',
};
const invisible = ['\u200b', '\u200d', '\u00ad', '\u2060', '\u202e', '\ufeff'] as const;

const textAt = (text: string, at: number, replacement: string, length = 1): string =>
  text.slice(0, at) + replacement + text.slice(at + length);

const homoglyph = (text: string, choice: Choice): string => {
  const places = [...text].flatMap((letter, at) => (letter in twinsOfLetters ? [at] : []));
  if (places.length === 0) return `${text}а`;
  const at = choice.of(places);
  return textAt(text, at, twinsOfLetters[text[at] ?? ''] ?? 'а');
};
const unseen = (text: string, choice: Choice): string =>
  textAt(text, choice.upTo(text.length), choice.of(invisible), 0);
const normalised = (text: string): string => {
  const other = [text.normalize('NFD'), text.normalize('NFC'), text.normalize('NFKD')].find(
    (form) => form !== text,
  );
  return other ?? `${text}e\u0301`;
};
const respaced = (text: string, choice: Choice): string =>
  choice.of([
    `${text} `,
    text.replace(' ', '\u00a0'),
    text.replace(' ', '  '),
    `${text}\n`,
    text.replace('\n', '\r\n'),
  ]);
const relettered = (text: string, choice: Choice): string => {
  const at = choice.upTo(text.length - 1);
  const letter = text[at] ?? '';
  const swapped = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
  return textAt(text, at, swapped === letter ? 'z' : swapped);
};
/** One way or another a text that is not the one that was approved. */
const otherText = (text: string, choice: Choice): string => {
  const changed = choice.of([homoglyph, unseen, normalised, respaced, relettered])(text, choice);
  return changed === text ? `${text}.` : changed;
};

type Change = (message: Message, choice: Choice) => unknown;

const changes: Readonly<Record<string, Change>> = {
  recipient: (message, choice) => {
    const email = choice.of([
      'eve@elsewhere.example',
      message.recipient.email.replace('@', '+x@'),
      message.recipient.email.replace('.example', '.example.net'),
      relettered(message.recipient.email, choice),
    ]);
    return { ...message, recipient: { ...message.recipient, email } };
  },
  recipientKey: (message) => ({ ...message, recipientKey: 'email:eve@elsewhere.example' }),
  homoglyphRecipient: (message, choice) => ({
    ...message,
    recipient: { ...message.recipient, email: homoglyph(message.recipient.email, choice) },
  }),
  recipientName: (message, choice) => ({
    ...message,
    recipient: { ...message.recipient, name: otherText(message.recipient.name ?? 'nobody', choice) },
  }),
  homoglyph: (message, choice) => {
    const field = choice.of(['subject', 'body', 'footer'] as const);
    return { ...message, [field]: homoglyph(message[field], choice) };
  },
  normalisation: (message, choice) => {
    const field = choice.of(['body', 'subject'] as const);
    return { ...message, [field]: normalised(message[field]) };
  },
  invisible: (message, choice) => {
    const field = choice.of(['subject', 'body', 'footer'] as const);
    return { ...message, [field]: unseen(message[field], choice) };
  },
  text: (message, choice) => {
    const field = choice.of(['subject', 'body', 'footer', 'unsubscribeUrl'] as const);
    return { ...message, [field]: otherText(message[field], choice) };
  },
  sender: (message, choice) => ({
    ...message,
    ...choice.of([
      { sender: { ...message.sender, email: 'boss@harborpine.example' } },
      { sender: { ...message.sender, name: otherText(message.sender.name, choice) } },
      { senderKey: 'email:boss@harborpine.example' },
    ]),
  }),
  settings: (message, choice) => {
    const { settings } = message;
    return {
      ...message,
      settings: {
        ...settings,
        ...choice.of([
          { trackOpens: !settings.trackOpens },
          { trackClicks: !settings.trackClicks },
          { stopOnReply: !settings.stopOnReply },
          { followUps: settings.followUps + 1 + choice.upTo(5) },
        ]),
      },
    };
  },
  schedule: (message, choice) => {
    const { schedule } = message.settings;
    const other = choice.of([
      { timezone: schedule.timezone === 'Asia/Tokyo' ? 'Asia/Seoul' : 'Asia/Tokyo' },
      { days: schedule.days.length === 7 ? [1] : [1, 2, 3, 4, 5, 6, 7] },
      { from: schedule.from === '03:00' ? '04:00' : '03:00' },
      { to: schedule.to === '23:30' ? '23:45' : '23:30' },
    ]);
    return { ...message, settings: { ...message.settings, schedule: { ...schedule, ...other } } };
  },
  header: (message, choice) => ({
    ...message,
    headers: { ...message.headers, [`X-Note-${choice.upTo(99)}`]: 'eve@elsewhere.example' },
  }),
  extraField: (message, choice) =>
    choice.of([
      { ...message, bcc: 'eve@elsewhere.example' },
      { ...message, recipient: { ...message.recipient, cc: 'eve@elsewhere.example' } },
      { ...message, settings: { ...message.settings, priority: 1 } },
    ]),
  missingField: (message, choice) => {
    const left: Record<string, unknown> = { ...message };
    delete left[choice.of(['footer', 'unsubscribeUrl', 'headers', 'settings', 'sender'])];
    return left;
  },
  route: (message, choice) =>
    choice.of([
      { ...message, route: 'warm_email' },
      { ...message, motion: 'revival' },
      { ...message, channel: 'linkedin', route: 'cold_linkedin' },
    ]),
};

const reversedKeys = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reversedKeys)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([key, item]) => [key, reversedKeys(item)]),
        )
      : value;

type ByteChange = (bytes: string, choice: Choice) => string;
const parsed = (bytes: string): Message => messageSchema.parse(JSON.parse(bytes));

/** Changes that only the written form shows. */
const byteChanges: Readonly<Record<string, ByteChange>> = {
  keyOrder: (bytes, choice) => {
    const message = parsed(bytes);
    return JSON.stringify(reversedKeys({ ...message, body: otherText(message.body, choice) }));
  },
  numberSpelling: (bytes, choice) =>
    bytes.replace(/"followUps":\d+/, `"followUps":${choice.of(['1e1', '1.0e0', '2E0', '10e-1', '3.0'])}`),
  twiceNamedKey: (bytes, choice) =>
    `${bytes.slice(0, -1)},"subject":${JSON.stringify(otherText(parsed(bytes).subject, choice))}}`,
  oneByte: (bytes, choice) => {
    const at = choice.upTo(bytes.length - 1);
    const other = String.fromCharCode((bytes.charCodeAt(at) + 1 + choice.upTo(60)) % 127);
    return other === bytes[at] ? `${bytes} ` : textAt(bytes, at, other);
  },
  cutOff: (bytes, choice) => bytes.slice(0, choice.upTo(bytes.length - 1)),
};

export const messageMutationKinds = [...Object.keys(changes), ...Object.keys(byteChanges)];

/** The bytes of a message that is not the one in `bytes`; throws when a mutation changed nothing. */
export const mutateMessage = (kind: string, bytes: string, choice: Choice): string => {
  const change = changes[kind];
  const changed =
    change === undefined
      ? (byteChanges[kind]?.(bytes, choice) ?? bytes)
      : canonicalJson(change(parsed(bytes), choice));
  if (changed === bytes) throw new Error(`the mutation ${kind} changed nothing`);
  return changed;
};
