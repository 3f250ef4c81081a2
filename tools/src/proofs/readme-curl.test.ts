// Risk: the first thing a newcomer pastes from the README fails, or sends something else than it says.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { root } from './testing/gatekeeper-process.ts';
import { startTestStack } from './testing/running-stack.ts';

const run = promisify(execFile);
const address = 'http://127.0.0.1:8080';

/** The one block of the README that a person pastes after `npm start`. */
const curlBlock = (): string => {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```bash\n(.*?)^```$/gms)]
    .map(([, text = '']) => text)
    .filter((text) => text.includes('curl'));
  expect(blocks).toHaveLength(1);
  return blocks[0] ?? '';
};

test('the block of the README goes from a lead file to a receipt in ten calls, pasted as it stands', async () => {
  const block = curlBlock();
  expect(block.split('\n').filter((line) => /\bapi [p"bd]/.test(line))).toHaveLength(10);
  expect(block).toContain(address);

  const { api, close, stack, token } = await startTestStack();
  try {
    const { stdout, stderr } = await run(
      'bash',
      ['--norc', '-c', block.replaceAll(address, stack.gatewayUrl)],
      {
        cwd: root,
        env: { PATH: process.env['PATH'], TOKEN: token },
      },
    );
    const { batches } = await api.batches(10);
    expect(batches).toHaveLength(1);
    const receipts = await api.receipts(batches[0]?.batchId ?? '');
    expect(receipts).toHaveLength(1);
    const [receipt] = receipts;
    expect(receipt?.outcome).toBe('handed_over');
    expect(stdout.trim().split('\n')).toEqual([
      'approved',
      'approved',
      'executing',
      'event: end',
      expect.stringContaining('"handedOver":1,"total":1'),
      `handed_over: ${receipt?.email ?? ''}, digest ${receipt?.contentDigest ?? ''}`,
    ]);
    expect(stderr).toBe('');
  } finally {
    await close();
  }
});
