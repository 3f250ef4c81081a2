import { createKeys } from '@caio/state-store';
import { waitFor } from '@caio/test-kit';
import { Redis } from 'ioredis';
import type { DeskRig } from './desk-rig.ts';

/** Changes one word of what is stored of a message of a batch, as somebody with access to the store could. */
const changeOneWord = async (rig: DeskRig, batchId: string): Promise<void> => {
  const items = await rig.api.previewItems(batchId);
  const first = items.find(({ message }) => message.body.includes('nine working days to four'));
  const store = new Redis(rig.redis.url);
  try {
    const key = createKeys(rig.settings.environment).action(first?.actionId ?? '');
    const bytes = (await store.hget(key, 'bytes')) ?? '';
    const changed = bytes.replace('nine working days to four', 'nine working days to one');
    if (changed === bytes) throw new Error(`there is no word to change in ${bytes}`);
    await store.hset(key, 'bytes', changed);
  } finally {
    store.disconnect();
  }
};

/**
 * A desk in the middle of a day: a batch that was sent except for one message that is not what was approved, a batch
 * that waits for its approval with somebody left out, and cards to review.
 */
export const prepareDesk = async (rig: DeskRig) => {
  const sent = await rig.approvedBatch(['Ada Holm', 'Ben Aster', 'Cleo Marsh']);
  await changeOneWord(rig, sent.batchId);
  await rig.api.executeBatch(sent.batchId);
  await waitFor(async () => (await rig.api.batch(sent.batchId)).batch.status === 'partially_executed', {
    timeoutMs: 20_000,
    describe: 'the batch to be executed but for one message',
  });
  await rig.bringLeads(['Dov Lindgren', 'Eda Quill', 'Finn Corr']);
  await rig.approveAll();
  const [leftOut] = await rig.api.drafts('approved');
  await rig.api.suppress(leftOut?.message.recipient.email ?? '', 'unsubscribed', 'a letter');
  const open = await rig.freeze();
  // One file each: of one file they would come in whatever order they were written in.
  for (const name of ['Gwen Ashby', 'Hugo Brandt', 'Iris Fenwick', 'Jon Kestrel', 'Kaya Lowell'])
    await rig.bringLeads([name]);
  return { sent: sent.batchId, open: open.batchId };
};
