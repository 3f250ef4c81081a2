import { encodeWord } from 'nodemailer/lib/mime-funcs';

/** The longest an encoded word may be is 75 characters with its frame (RFC 2047, section 2). */
const wordCharactersMax = 60;

/**
 * Whether a reader would see something else than this text: what looks encoded would be decoded, and of spaces at the
 * ends or in a row some are lost where lines are folded.
 */
export const changesWhenRead = (text: string): boolean => text.includes('=?') || /^\s|\s$|\s\s/.test(text);

/** The text in encoded words, one a line, so that whoever decodes them reads exactly the text. */
export const encodedWordsOf = (text: string): string =>
  encodeWord(text, 'B', wordCharactersMax).replaceAll(' ', '\r\n ');

/**
 * A message whose mailbox line `name` shows this display name in encoded words before the address that stands there:
 * between the quotes that other means would write, some readers decode and some do not.
 */
export const withEncodedName = (eml: string, header: 'From' | 'To', displayName: string): string =>
  eml.replace(
    new RegExp(`^${header}:(?:\\r\\n)? <?([^<>\\r\\n]+)>?(?=\\r\\n)`, 'm'),
    (_, address: string) => `${header}: ${encodedWordsOf(displayName)}\r\n <${address}>`,
  );
