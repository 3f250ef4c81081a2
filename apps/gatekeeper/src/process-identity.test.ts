// Risk: a process that can still write to a provider is taken for dead, and its message is sent a second time.
import { readFileSync } from 'node:fs';
import { type RunningProcess, startProcess } from '@caio/test-kit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createProcessIdentity } from './process-identity.ts';

const started: RunningProcess[] = [];
/** A process that lives until it is ended. */
const startLiving = async (): Promise<RunningProcess> => {
  const living = await startProcess({
    command: process.execPath,
    args: ['-e', "process.stdin.resume(); console.log('up'); setInterval(() => undefined, 60_000)"],
    readyWhen: ({ stdout }) => stdout().includes('up'),
  });
  started.push(living);
  return living;
};
afterEach(async () => {
  await Promise.all(started.splice(0).map((living) => living.kill9()));
});

const self = createProcessIdentity(process.pid);
const parts = (id: string): [string, string, string] => {
  const [host = '', pid = '', start = ''] = id.split('.');
  return [host, pid, start];
};

describe('a process of this host', () => {
  test('is not dead while it lives, and proven dead once it was killed', async () => {
    const living = await startLiving();
    const { id } = createProcessIdentity(living.pid);
    expect(self.isProvenDead(id)).toBe(false);
    await living.kill9();
    expect(self.isProvenDead(id)).toBe(true);
  });

  test('is proven dead when another one has its number by now', async () => {
    const living = await startLiving();
    const [host, pid, start] = parts(createProcessIdentity(living.pid).id);
    expect(self.isProvenDead([host, pid, String(Number(start) - 1)].join('.'))).toBe(true);
    expect(self.isProvenDead([host, pid, start].join('.'))).toBe(false);
  });

  test('is told apart by number and start, and itself is never dead', async () => {
    const [one, two] = [await startLiving(), await startLiving()];
    const ids = [self.id, createProcessIdentity(one.pid).id, createProcessIdentity(two.pid).id];
    expect(new Set(ids).size).toBe(3);
    expect(createProcessIdentity(one.pid).id).toBe(ids[1]);
    expect(self.isProvenDead(self.id)).toBe(false);
    const [, , start] = parts(self.id);
    const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
    expect(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]).toBe(start);
  });

  test('that belongs to somebody else lives as long as it exists', () => {
    // The first process of a host is nobody's to signal, or ours: alive in either case.
    const [, , start] = parts(createProcessIdentity(1).id);
    const [host] = parts(self.id);
    expect(self.isProvenDead(`${host}.1.${start}`)).toBe(false);
  });
});

describe('nothing is proven about', () => {
  test('a process of another host, dead or alive here', async () => {
    const living = await startLiving();
    const [, pid, start] = parts(createProcessIdentity(living.pid).id);
    const elsewhere = ['0123456789abcdef', pid, start].join('.');
    expect(self.isProvenDead(elsewhere)).toBe(false);
    await living.kill9();
    expect(self.isProvenDead(elsewhere)).toBe(false);
  });

  test.each(['', 'unknown', '.', '..', 'test-process'])('a name that is none: %j', (id) => {
    expect(self.isProvenDead(id)).toBe(false);
  });

  test.each(['.', '.0x1.5', '.-1.5', '.1e9.5', '.999999999', '.999999999.unknown', '. 1.5'])(
    'this host with %j behind it',
    (rest) => {
      const [host] = parts(self.id);
      expect(self.isProvenDead(`${host}${rest}`)).toBe(false);
    },
  );
});

test('a number that no process has is dead, whenever it started', () => {
  const [host] = parts(self.id);
  expect(self.isProvenDead(`${host}.4194300.12345`)).toBe(true);
});
