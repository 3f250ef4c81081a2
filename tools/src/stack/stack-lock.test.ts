// Risk: two stacks write one store, or the lock of a dead one keeps everybody out of their own data.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeStackLock } from './stack-lock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-lock-'));
  file = join(folder, 'stack.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A holder that is gone: this process's number, given to another process before this one. */
const leave = (id: string, at = file) =>
  writeFileSync(at, JSON.stringify({ id, pid: process.pid, birth: 'another boot/1', port: 8080 }));
const dead = '00000000-0000-4000-8000-000000000001';
const alsoDead = '00000000-0000-4000-8000-000000000002';

const taken = (port: number) => {
  const lock = takeStackLock(file, port);
  if (lock.outcome !== 'taken') throw new Error('the lock was held');
  return lock;
};

test('one at a time, and the one who comes second learns who is there', () => {
  const first = taken(8080);
  expect(takeStackLock(file, 9080)).toEqual({
    outcome: 'held',
    holder: expect.objectContaining({ pid: process.pid, port: 8080 }),
  });
  first.release();
  taken(9080).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('folders that were made for it go with it, unless something else came into them', () => {
  const inner = join(folder, 'second', 'local');
  const lockIn = (place: string) => {
    const lock = takeStackLock(join(place, 'stack.lock'), 8080);
    if (lock.outcome !== 'taken') throw new Error('the lock was held');
    return lock;
  };
  lockIn(inner).release();
  expect(readdirSync(folder)).toEqual([]);
  const used = lockIn(inner);
  writeFileSync(join(inner, 'secrets.json'), '{}');
  used.release();
  expect(readdirSync(inner)).toEqual(['secrets.json']);
  rmSync(join(inner, 'secrets.json'));
  lockIn(inner).release();
  expect(readdirSync(inner)).toEqual([]);
});

test.each([
  ['a process that is gone, whose number another one has', () => leave(dead)],
  ['a file cut short by a power failure', () => writeFileSync(file, '')],
  [
    'a taker that died while taking over',
    () => {
      leave(dead);
      leave(alsoDead, `${file}.${dead}`);
    },
  ],
])('the lock of %s is taken over and leaves nothing', (_name, prepare) => {
  prepare();
  const lock = taken(9080);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, port: 9080 });
  expect(readdirSync(folder)).toEqual(['stack.lock']);
  lock.release();
});

test('who is taking over a dead lock keeps the others out', () => {
  leave(dead);
  const successor = takeStackLock(`${file}.${dead}`, 9080);
  expect(successor.outcome).toBe('taken');
  expect(takeStackLock(file, 7080)).toMatchObject({ outcome: 'held', holder: { port: 9080 } });
});

test('a release takes away no later holder', () => {
  const first = taken(8080);
  rmSync(file);
  const second = taken(9080);
  first.release();
  expect(takeStackLock(file, 7080).outcome).toBe('held');
  second.release();
});
