// Risk: a crash rehearsal strikes at another place than planned, or where none was planned.
import { describe, expect, test } from '@jest/globals';
import { createFaultPoints, parseFaultPlan } from './fault-points.ts';

test('the planned hit of the planned point ends the process, no other', () => {
  const parsed = parseFaultPlan('kill:after-admit:3, kill:before-settle:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  const deaths: string[] = [];
  let at = '';
  const points = createFaultPoints(parsed.value, () => deaths.push(at));
  for (const point of [
    'after-admit',
    'after-admit',
    'other',
    'before-settle',
    'after-admit',
    'after-admit',
  ]) {
    at = `${point} ${deaths.length}`;
    points.reach(point);
  }
  expect(deaths).toEqual(['before-settle 0', 'after-admit 1']);
});

test('without a plan nothing happens, and nothing is wrapped', () => {
  let deaths = 0;
  const points = createFaultPoints([], () => (deaths += 1));
  points.reach('after-admit');
  const store = { read: () => 1 };
  expect(points.around(store, { read: 'read' })).toBe(store);
  expect(deaths).toBe(0);
});

test('around a step: once before it begins and once when it is done, whatever else the object has', async () => {
  const parsed = parseFaultPlan('kill:before-save:1,stop:after-save:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  const seen: string[] = [];
  const points = createFaultPoints(parsed.value, (signal) => seen.push(signal));
  class Store {
    private readonly name = 'store';
    async save(value: number): Promise<string> {
      seen.push('saving');
      await Promise.resolve();
      seen.push('saved');
      return `${this.name} ${value}`;
    }
    read = (): string => this.name;
  }
  const store = points.around(new Store(), { save: 'save' });
  expect(await store.save(7)).toBe('store 7');
  expect(store.read()).toBe('store');
  expect(seen).toEqual(['SIGKILL', 'saving', 'saved', 'SIGSTOP']);
});

describe('a plan that cannot be read', () => {
  test.each([
    '',
    'kill',
    'kill:after-admit',
    'kill:after-admit:0',
    'kill:after-admit:x',
    'pause:a:1',
    'stop:a',
    'kill:a:1,',
  ])('%p', (plan) => {
    expect(parseFaultPlan(plan)).toMatchObject({ ok: false });
  });
});
