import { isUtf8 } from 'node:buffer';
import { LeadFileFault, headLength, pieceBytesMax } from './lead-file-problem.ts';
import type { LeadFileProblem } from './lead-file-problem.ts';

/** A file as text: its beginning, and whatever follows. `rest` is read once. */
export interface TextSource {
  readonly head: string;
  readonly isWhole: boolean;
  readonly rest: AsyncIterable<string>;
  close(): Promise<void>;
}

const saveAsCsv = 'Save it as "CSV UTF-8" in the program it comes from and upload that file.';

const picture: LeadFileProblem = {
  code: 'file_binary',
  message: 'This is a picture, not CSV or JSON.',
  fix: 'A picture of a list cannot be read. Export the list itself as CSV.',
};

const signatures: readonly { bytes: readonly number[]; problem: LeadFileProblem }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    problem: {
      code: 'file_spreadsheet',
      message: 'This is an Excel or ZIP file, not CSV or JSON.',
      fix: saveAsCsv,
    },
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    problem: {
      code: 'file_spreadsheet',
      message: 'This is an old Excel file, not CSV or JSON.',
      fix: saveAsCsv,
    },
  },
  {
    bytes: [0x1f, 0x8b],
    problem: {
      code: 'file_binary',
      message: 'This is a compressed file.',
      fix: 'Unpack it and upload what is inside.',
    },
  },
  {
    bytes: [0x25, 0x50, 0x44, 0x46],
    problem: {
      code: 'file_binary',
      message: 'This is a PDF, not CSV or JSON.',
      fix: 'Export the list as CSV.',
    },
  },
  // PNG, JPEG, GIF.
  { bytes: [0x89, 0x50, 0x4e, 0x47], problem: picture },
  { bytes: [0xff, 0xd8, 0xff], problem: picture },
  { bytes: [0x47, 0x49, 0x46, 0x38], problem: picture },
];

const byteOrderMarks = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

const binaryAt = (offset: number): LeadFileFault =>
  new LeadFileFault({
    code: 'file_binary',
    message: `This is not a text file: byte ${offset} is NUL. It may also be UTF-16 without a byte order mark.`,
    fix: saveAsCsv,
  });

const undecodable = (encoding: string, where: string): LeadFileFault =>
  new LeadFileFault({
    code: 'encoding_invalid',
    message: `The file is not valid ${encoding}: ${where}.`,
    fix: saveAsCsv,
  });

const sequenceLengthOf = (lead: number): number =>
  lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;

const firstInvalidUtf8 = (bytes: Uint8Array): number => {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLengthOf(bytes[at] ?? 0);
    if (length === 0 || at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
};

/** Where the last character that is not all there yet begins; the end when the last one is complete. */
const completeLengthOf = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return sequenceLengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
};

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array =>
  first.length === 0 ? second : Buffer.concat([first, second]);

async function* decodeUtf8(pieces: AsyncIterable<Uint8Array>, startOffset: number): AsyncGenerator<string> {
  let offset = startOffset;
  let carry: Uint8Array = new Uint8Array();
  const fault = (bytes: Uint8Array): LeadFileFault => {
    const at = firstInvalidUtf8(bytes);
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    return undecodable('UTF-8', `byte ${offset + at} (0x${byte}) does not belong there`);
  };
  for await (const piece of pieces) {
    const bytes = joined(carry, piece);
    const length = completeLengthOf(bytes);
    const complete = bytes.subarray(0, length);
    if (!isUtf8(complete)) throw fault(complete);
    const nul = complete.indexOf(0);
    if (nul >= 0) throw binaryAt(offset + nul);
    offset += length;
    carry = bytes.slice(length);
    if (length > 0) yield Buffer.from(complete.buffer, complete.byteOffset, length).toString('utf8');
  }
  if (carry.length > 0) throw fault(carry);
}

async function* decodeUtf16(
  pieces: AsyncIterable<Uint8Array>,
  encoding: 'utf-16le' | 'utf-16be',
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let offset = 2;
  const decoded = (piece: Uint8Array | undefined): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw undecodable(encoding.toUpperCase(), `half a character after byte ${offset}`);
    }
  };
  for await (const piece of pieces) {
    const text = decoded(piece);
    if (text.includes('\u0000')) throw binaryAt(offset);
    offset += piece.length;
    yield text;
  }
  yield decoded(undefined);
}

async function* slicesOf(
  first: Uint8Array,
  following: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let bytes: Uint8Array | undefined = first;
  while (bytes !== undefined) {
    for (let at = 0; at < bytes.length; at += pieceBytesMax) yield bytes.subarray(at, at + pieceBytesMax);
    signal?.throwIfAborted();
    const next: IteratorResult<Uint8Array> = await following.next();
    bytes = next.done === true ? undefined : next.value;
  }
}

const firstBytesOf = async (chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> => {
  let first: Uint8Array = new Uint8Array();
  while (first.length < 4) {
    const next = await chunks.next();
    if (next.done === true) break;
    first = joined(first, next.value);
  }
  return first;
};

async function* decodeText(
  chunks: AsyncIterator<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const first = await firstBytesOf(chunks);
  const signature = signatures.find(({ bytes }) => startsWith(first, bytes));
  if (signature !== undefined) throw new LeadFileFault(signature.problem);
  const mark = byteOrderMarks.find(({ bytes }) => startsWith(first, bytes));
  const pieces = slicesOf(first.subarray(mark?.bytes.length ?? 0), chunks, signal);
  const encoding = mark?.encoding ?? 'utf-8';
  yield* encoding === 'utf-8' ? decodeUtf8(pieces, mark?.bytes.length ?? 0) : decodeUtf16(pieces, encoding);
}

/**
 * Decodes a file: UTF-8 with or without a byte order mark, UTF-16 with one. Bytes that are no text, or not
 * the encoding they claim, throw a LeadFileFault that names the byte. An aborted signal throws its reason.
 */
export const openTextSource = async (
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<TextSource> => {
  const bytes = chunks[Symbol.asyncIterator]();
  const text = decodeText(bytes, signal);
  const close = async (): Promise<void> => {
    await text.return(undefined);
    await bytes.return?.();
  };
  try {
    const parts: string[] = [];
    for (let length = 0; length < headLength;) {
      const next = await text.next();
      if (next.done === true) return { head: parts.join(''), isWhole: true, rest: text, close };
      parts.push(next.value);
      length += next.value.length;
    }
    return { head: parts.join(''), isWhole: false, rest: text, close };
  } catch (error) {
    await close();
    throw error;
  }
};
