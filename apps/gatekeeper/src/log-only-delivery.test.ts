// Risk: in the mode that sends nothing something is sent, or what is shown is not what was approved.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { type Draft, textOf } from '@caio/contracts';
import { createFaultPoints, createRedisConnections } from '@caio/service-kit';
import { createEvidenceStore, createJobQueue, createOptOuts } from '@caio/state-store';
import { waitFor } from '@caio/test-kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { createLogOnlyAdapter } from './providers/log-only.ts';
import { createWorkers } from './queues.ts';
import { type GateBench, type GateBenches, openGateBenches } from './testing/gate-bench.ts';
import { type Http, openHttp } from './testing/http-bench.ts';
import { createApplySignal } from './use-cases/apply-signal.ts';
import { createEnqueueDueActions } from './use-cases/enqueue-due-actions.ts';

let benches: GateBenches;
let bench: GateBench;
let http: Http;
/** Where each socket leads that was opened meanwhile; null until it got there. */
const opened: { port: number | null }[] = [];
const onSocket = (message: unknown): void => {
  const socket: unknown = Reflect.get(Object(message), 'socket');
  const entry: { port: number | null } = { port: null };
  opened.push(entry);
  if (socket instanceof Socket) socket.once('connect', () => (entry.port = socket.remotePort ?? null));
};

beforeAll(async () => {
  benches = await openGateBenches();
  const session = await benches.store.openSession();
  const provider = createLogOnlyAdapter({
    evidence: createEvidenceStore(session),
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
  });
  bench = await benches.createBench({ session, provider, mode: 'log-only' });
  http = await openHttp(benches, bench);
  subscribe('net.client.socket', onSocket);
});
afterAll(async () => {
  unsubscribe('net.client.socket', onSocket);
  await http.close();
  await benches.close();
});

const must = async (call: Promise<{ status: number; body: unknown }>) => {
  const answer = await call;
  if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
  return Object(answer.body) as Record<string, never>;
};
const deliver = async (): Promise<void> => {
  const worker = createRedisConnections({
    ...{ url: benches.store.server.url, role: 'worker', logger: bench.log.logger, now: Date.now },
  });
  const workers = createWorkers({
    redis: worker.connect('workers'),
    ...{
      keys: bench.keys,
      logger: bench.log.logger,
      dispatchConcurrency: 4,
      lockMs: 10_000,
      stalledMs: 10_000,
    },
    ...{ submitDraft: bench.submitDraft, dispatchAction: bench.dispatch },
    applySignal: createApplySignal({
      ...bench,
      optOuts: createOptOuts(bench.session),
      pseudonym: benches.pseudonym,
    }),
  });
  const dispatch = createJobQueue({
    ...{ queue: 'dispatch', redis: bench.redis, keys: bench.keys, onError: () => undefined },
  });
  workers.start();
  await createEnqueueDueActions({
    ...{
      actions: bench.actions,
      dispatch,
      faults: createFaultPoints([]),
      graceMs: 60_000,
      isHeld: () => Promise.resolve(false),
      logger: bench.log.logger,
    },
  })();
  await waitFor(async () => (await bench.batches.list(1))[0]?.status !== 'executing', {
    timeoutMs: 10_000,
    describe: 'the batch to end',
  });
  await workers.close();
  await dispatch.close();
  await worker.close();
};

test('from the draft to the mail that is kept: exactly the approved text, and no socket to anybody', async () => {
  const leads = [
    benches.leadOf(),
    benches.leadOf({ firstName: 'Zoë', fullName: 'Zoë Holm' }),
    benches.leadOf({ company: 'Größe & Söhne “AG”' }),
  ];
  for (const lead of leads) await must(http.post('/api/drafts', await benches.submissionOf(lead)));
  const { drafts } = (await must(http.get('/api/drafts'))) as unknown as { drafts: Draft[] };
  expect(drafts).toHaveLength(3);
  for (const { draftId, contentDigest } of drafts) {
    await must(http.post(`/api/drafts/${draftId}/approve`, { contentDigest }));
  }
  const frozen = await must(http.post('/api/batches', {}));
  const { batchId, previewHash } = Object(frozen['batch']) as { batchId: string; previewHash: string };
  await must(http.post(`/api/batches/${batchId}/approve`, { previewHash }));
  await must(http.post(`/api/batches/${batchId}/execute`));
  await deliver();

  const { receipts, batch } = await must(http.get(`/api/batches/${batchId}/receipts`));
  expect(batch).toMatchObject({ status: 'executed', counts: { handed_over: 3 } });
  const approved = new Map(drafts.map((draft) => [draft.draftId, draft.message]));
  for (const receipt of receipts as unknown as { actionId: string; draftId: Draft['draftId'] }[]) {
    expect(receipt).toMatchObject({ outcome: 'handed_over', mode: 'log-only', provider: 'log' });
    const message = approved.get(receipt.draftId);
    if (message === undefined) throw new Error('a receipt of a draft nobody approved');
    const { content } = await must(http.get(`/api/actions/${receipt.actionId}/evidence`));
    const mail = await PostalMime.parse(String(content));
    // A mail ends with a line break; everything before it is the approved text.
    expect(mail.text?.replace(/\n$/, '')).toBe(textOf(message));
    expect(mail.subject).toBe(message.subject);
    expect(mail.to).toEqual([{ name: message.recipient.name, address: message.recipient.email }]);
    expect(mail.from).toMatchObject({ name: message.sender.name, address: message.sender.email });
    expect([mail.cc, mail.bcc, mail.html, mail.attachments]).toEqual([undefined, undefined, undefined, []]);
    const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));
    expect(headers['list-unsubscribe']).toBe(`<${message.unsubscribeUrl}>`);
    expect(headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
  }
  // Nothing of this counts as a contact with anybody.
  expect(await bench.redis.keys(`${bench.keys.contacts('real')}*`)).toEqual([]);
  expect(await bench.redis.keys(`${bench.keys.root}:sent:real:*`)).toEqual([]);

  // The test's own calls and the store; whatever else was opened, or only tried, is one too many.
  const own = [benches.store.server.port, http.port];
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.filter(({ port }) => port === null || !own.includes(port))).toEqual([]);
});
