// Risk: live progress runs backwards, never ends, or stands still when the stream cannot be had.
import { batchIdSchema, type BatchProgress } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { followBatch, newerProgress, parseProgress } from './batch-progress.ts';

const reading = (handedOver: number, second: number, status: BatchProgress['status'] = 'executing') => ({
  status,
  counts: { left: handedOver },
  handedOver,
  total: 5,
  updatedAt: `2026-01-05T12:00:0${second}.000Z`,
});

test('what is older than what is shown is not shown, and the end stays the end', () => {
  expect(newerProgress(reading(3, 3), reading(1, 1)).handedOver).toBe(3);
  expect(newerProgress(reading(3, 3), reading(4, 4)).handedOver).toBe(4);
  expect(newerProgress(reading(5, 3, 'executed'), reading(4, 9)).status).toBe('executed');
});

test.each([undefined, 7, '', '{', '{"status":"done"}', '[]'])('%j is no progress', (data) => {
  expect(parseProgress(data)).toBeNull();
});

/** Stands for the browser's stream, which Node has not: it does what the test says. */
class StagedStream extends EventTarget {
  readonly CLOSED = 2;
  readyState = 0;
  close(): void {
    this.readyState = this.CLOSED;
  }
  say(type: string, data?: unknown): void {
    this.dispatchEvent(
      data === undefined ? new Event(type) : new MessageEvent(type, { data: JSON.stringify(data) }),
    );
  }
}

const follow = (polled: readonly BatchProgress[] = []) => {
  const streams: StagedStream[] = [];
  const left = [...polled];
  const ends: string[] = [];
  let tick = (): void => undefined;
  const following = followBatch(batchIdSchema.parse(`bat_${'A'.repeat(26)}`), {
    open: () => {
      const stream = new StagedStream();
      streams.push(stream);
      return stream as unknown as EventSource;
    },
    poll: async () => left.shift() ?? null,
    every: (_ms, then) => {
      tick = then;
      return () => {
        tick = () => undefined;
      };
    },
    onEnd: () => void ends.push('end'),
  });
  const settle = async () => {
    await Promise.resolve();
    await Promise.resolve();
  };
  const [stream] = streams;
  if (stream === undefined) throw new Error('no stream was opened');
  return {
    stream,
    streams,
    following,
    ends,
    tick: async () => {
      tick();
      await settle();
    },
    settle,
  };
};

test('events move it on to one end', () => {
  const { stream, following, ends } = follow();
  stream.say('progress', reading(2, 1));
  expect(following.state.value).toMatchObject({ via: 'events', progress: { handedOver: 2 } });
  stream.say('progress', reading(5, 2, 'executed'));
  stream.say('end', reading(5, 2, 'executed'));
  expect([following.state.value.progress?.status, ends, stream.readyState]).toEqual(['executed', ['end'], 2]);
});

test('a short cut is left to the browser, three in a row mean asking instead', async () => {
  const { stream, following, settle, tick } = follow([reading(1, 1), reading(2, 2)]);
  stream.say('error');
  stream.say('error');
  expect(following.state.value.via).toBe('connecting');
  stream.say('error');
  await settle();
  expect(following.state.value).toMatchObject({ via: 'polling', progress: { handedOver: 1 } });
  await tick();
  expect(following.state.value.progress?.handedOver).toBe(2);
});

test('a stream refused for good is asked for at once, and the end of that is an end', async () => {
  const { stream, following, settle, ends } = follow([reading(5, 1, 'partially_executed')]);
  stream.close();
  stream.say('error');
  await settle();
  expect([following.state.value.progress?.status, ends]).toEqual(['partially_executed', ['end']]);
});

test('after a restart of the service the stream comes back by itself, and the asking ends', async () => {
  const { stream, streams, following, settle, tick } = follow([reading(1, 1), reading(2, 2), reading(9, 9)]);
  for (let failure = 0; failure < 3; failure += 1) stream.say('error');
  await settle();
  const [, second] = streams;
  expect([streams.length, stream.readyState, following.state.value.via]).toEqual([2, 2, 'polling']);
  await tick();
  expect(following.state.value).toMatchObject({ via: 'polling', progress: { handedOver: 2 } });
  second?.say('progress', reading(3, 3));
  await tick();
  expect(following.state.value).toMatchObject({ via: 'events', progress: { handedOver: 3 } });
});

test('a stream that cannot be had goes on being asked for, and is not tried with every question', async () => {
  const { stream, streams, following, settle, tick } = follow(
    Array.from({ length: 40 }, (_, at) => reading(1, at % 10)),
  );
  stream.close();
  stream.say('error');
  await settle();
  streams[1]?.close();
  streams[1]?.say('error');
  for (let asked = 0; asked < 14; asked += 1) await tick();
  expect([streams.length, following.state.value.via]).toEqual([2, 'polling']);
  await tick();
  expect(streams).toHaveLength(3);
});

test('trouble is said and forgotten with the next reading', () => {
  const { stream, following } = follow();
  stream.say('unavailable', { code: 'store_unavailable', message: 'The store cannot be reached.', fix: '' });
  expect(following.state.value.trouble).toBe('The store cannot be reached.');
  stream.say('unavailable', 'nonsense');
  expect(following.state.value.trouble).toBe('Nothing is known at the moment.');
  stream.say('progress', reading(2, 1));
  expect(following.state.value.trouble).toBeNull();
});
