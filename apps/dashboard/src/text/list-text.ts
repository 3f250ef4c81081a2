/** The text of a file that somebody chose, or why it is none. */
export type ListText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

const encodingOf = (bytes: Uint8Array): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe
    ? 'utf-16le'
    : bytes[0] === 0xfe && bytes[1] === 0xff
      ? 'utf-16be'
      : 'utf-8';

/** More than the services take in one request. */
const bytesMax = 3_000_000;

/** Reads UTF-8, or UTF-16 with its mark as spreadsheets write it. */
export const readListText = (bytes: Uint8Array): ListText => {
  const save = 'In the program it comes from, save it as CSV in UTF-8.';
  if (bytes.length > bytesMax)
    return { ok: false, reason: 'The file is larger than 3 MB. Split it and import the parts.' };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { ok: false, reason: `This is an Excel file. ${save}` };
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    if (text.includes('\u0000')) return { ok: false, reason: `This is not a text file. ${save}` };
    return text.trim() === '' ? { ok: false, reason: 'The file is empty.' } : { ok: true, text };
  } catch {
    return { ok: false, reason: `This is not a text file in UTF-8. ${save}` };
  }
};
