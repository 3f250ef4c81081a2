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

test('without a plan nothing happens', () => {
  let deaths = 0;
  createFaultPoints([], () => (deaths += 1)).reach('after-admit');
  expect(deaths).toBe(0);
});

describe('a plan that cannot be read', () => {
  test.each([
    '',
    'kill',
    'kill:after-admit',
    'kill:after-admit:0',
    'kill:after-admit:x',
    'stop:a:1',
    'kill:a:1,',
  ])('%p', (plan) => {
    expect(parseFaultPlan(plan)).toMatchObject({ ok: false });
  });
});
