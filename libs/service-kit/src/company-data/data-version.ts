import { createHash } from 'node:crypto';

const digestCharacters = 12;

/** `<name>@<revision>+<first 12 hex of the SHA-256 of the canonical text>`: changes with any change of the data. */
export const dataVersion = (name: string, revision: number, canonicalText: string): string =>
  `${name}@${String(revision)}+${createHash('sha256').update(canonicalText, 'utf8').digest('hex').slice(0, digestCharacters)}`;
