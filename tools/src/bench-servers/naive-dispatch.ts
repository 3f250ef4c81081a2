import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Redis } from 'ioredis';
import { Pool } from 'undici';
import { z } from 'zod';

const orderSchema = z.object({ from: z.number(), count: z.number(), atOnce: z.number() });
const campaignSchema = z.object({ id: z.string() });

/**
 * What somebody writes who wants messages out and no message twice: reserve, post, commit. No window, no suppression,
 * no hash, no reading back, and after a crash nobody knows. `POST /` with `{from, count, atOnce}` answers when done.
 */
export const createNaiveDispatch = (options: {
  redis: Redis;
  keyPrefix: string;
  providerUrl: string;
  apiKey: string;
}): Server => {
  const { redis, keyPrefix: prefix } = options;
  const pool = new Pool(options.providerUrl, { connections: 16 });
  const headers = { authorization: `Bearer ${options.apiKey}`, 'content-type': 'application/json' };
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await pool.request({
      ...{ method: 'POST', path: `/api/v2${path}`, headers },
      body: JSON.stringify(body),
    });
    if (answer.statusCode !== 200) throw new Error(`the provider answered ${answer.statusCode}`);
    return answer.body.json();
  };
  const campaign = async (): Promise<string> => {
    const timing = { from: '08:00', to: '18:00' };
    const schedule = { name: 'Default', timezone: 'America/Detroit', days: { 1: true }, timing };
    const step = {
      type: 'email',
      delay: 0,
      variants: [{ subject: '{{subject}}', body: '{{body}}' }],
    };
    const made = await post('/campaigns', {
      ...{ name: `${prefix}naive`, email_list: ['naive@bench.example'] },
      ...{ campaign_schedule: { schedules: [schedule] }, sequences: [{ steps: [step] }] },
    });
    return campaignSchema.parse(made).id;
  };
  const sendOne = async (index: number, campaignId: string): Promise<void> => {
    const id = `naive-${index}`;
    const reserved = await redis
      .multi()
      .set(`${prefix}${id}`, 'sending', 'NX')
      .incr(`${prefix}hour`)
      .incr(`${prefix}day`)
      .exec();
    if (reserved?.[0]?.[1] !== 'OK') return;
    await post('/leads', {
      ...{ campaign: campaignId, email: `${id}@naive-${index}.example`, first_name: 'Ada' },
      custom_variables: {
        actionId: id,
        subject: `About ${id}`,
        body: 'A sentence of a usual length. '.repeat(20),
      },
    });
    await redis
      .multi()
      .set(`${prefix}${id}`, 'sent')
      .xadd(`${prefix}audit`, '*', 'kind', 'sent', 'ref', id)
      .exec();
  };
  return createServer((req, res) => {
    const run = async (): Promise<void> => {
      const { from, count, atOnce } = orderSchema.parse(await json(req));
      const campaignId = await campaign();
      let next = from;
      const worker = async (): Promise<void> => {
        while (next < from + count) await sendOne(next++, campaignId);
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
    };
    run().then(
      () => res.end('done'),
      (error: unknown) => res.writeHead(500).end(String(error)),
    );
  });
};
