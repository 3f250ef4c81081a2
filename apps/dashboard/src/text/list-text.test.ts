// Risk: a list is imported with letters that nobody typed, because its file was in another encoding.
import { expect, test } from '@jest/globals';
import { readListText } from './list-text.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each<[string, Uint8Array]>([
  ['UTF-8', bytesOf('bücher.example')],
  ['UTF-8 with a mark', bytesOf('\ufeffbücher.example')],
  ['UTF-16, as a spreadsheet saves it', new Uint8Array(Buffer.from('\ufeffbücher.example', 'utf16le'))],
])('%s is read', (_, bytes) => {
  expect(readListText(bytes)).toEqual({ ok: true, text: 'bücher.example' });
});

test.each<[string, Uint8Array, RegExp]>([
  ['an Excel file', bytesOf('PK\u0003\u0004'), /Excel/],
  ['an old encoding', new Uint8Array([0x62, 0xfc, 0x63]), /UTF-8/],
  ['a picture', new Uint8Array([0x41, 0x00, 0x42]), /not a text file/],
  ['nothing', bytesOf(' \n'), /empty/],
  ['too much', new Uint8Array(3_000_001).fill(0x61), /3 MB/],
])('%s is refused with what to do', (_, bytes, reason) => {
  expect(readListText(bytes)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
});
