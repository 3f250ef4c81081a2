// Risk: a name arrives garbled, or a file in another encoding is read as if it were the right one.
import { describe, expect, test } from '@jest/globals';
import { companies, outline, readWhole } from '../testing/whole-lead-file.ts';

describe('encodings', () => {
  const text = 'Email,Company\r\na@bücher.example,Škoda 例え 🚀\r\n';
  const big = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE with a mark', big],
  ])('%s', async (_, bytes) => {
    for (const sizes of [[1e9], [1], [3]]) {
      const found = await readWhole(bytes, { sizes });
      expect(outline(found)).toEqual(['2/2 a@xn--bcher-kva.example']);
      expect(companies(found)).toEqual(['Škoda 例え 🚀']);
    }
  });

  test('a byte that is not UTF-8 is named by its offset; rows before it were read', async () => {
    const bytes = Buffer.from(
      `Email,Company\na@x.example,${'y'.repeat(70_000)}\nb@x.example,Café\n`,
      'latin1',
    );
    for (const sizes of [[1e9], [1], [3, 70_000]]) {
      const found = await readWhole(bytes, { sizes });
      expect(found.problem).toBe('encoding_invalid');
      expect(found.message).toContain(`byte ${bytes.indexOf(0xe9)} (0xE9)`);
    }
    expect((await readWhole(Buffer.from([...Buffer.from('Email\n'), 0xc3]))).message).toContain(
      'byte 6 (0xC3)',
    );
  });
});
