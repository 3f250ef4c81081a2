// Risk: a message about a wrong field carries back what the caller sent.
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { describeIssues } from './json-body.ts';

const issuesOf = (schema: z.ZodType, value: unknown): string => {
  const parsed = schema.safeParse(value);
  return parsed.success ? '' : describeIssues(parsed.error, schema);
};

test('fields are named by their place', () => {
  const schema = z.object({ items: z.array(z.object({ email: z.email() })) });
  expect(issuesOf(schema, { items: [{ email: 'a@b.example' }, { email: 'jo at firm' }] })).toMatch(
    /^items\.1\.email: /,
  );
  expect(issuesOf(z.string(), 7)).not.toMatch(/^:/);
});

test('names and values that the caller chose are left out', () => {
  const schema = z.strictObject({ counts: z.record(z.string(), z.number()) });
  const text = issuesOf(schema, { counts: { 'jo@firm.example': 'many' }, 'secret-field': 1 });
  expect(text).toContain('counts.*: ');
  expect(text).toContain('has a field that is not known here (known are counts)');
  expect(text).not.toMatch(/jo@firm|many|secret-field/);
});

test('beside a field that does not exist stand those that do, so that a slip of the pen is found', () => {
  const schema = z.strictObject({
    reason: z.string(),
    drop: z.array(z.strictObject({ tag: z.string() })).optional(),
  });
  expect(issuesOf(schema, { reason: 'x', drop: [{ tag: 'a', reasn: 'b' }], Tagg: 1, draft_ids: 2 })).toBe(
    'drop.0: has a field that is not known here (known are tag); ' +
      'has 2 fields that are not known here (known are reason, drop)',
  );
  expect(issuesOf(z.strictObject({}), { 'a-b': 1 })).toBe('has a field that is not known here');
});

test('at most five are listed and the rest counted', () => {
  const schema = z.array(z.number());
  const text = issuesOf(schema, ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(text.split('; ')).toHaveLength(6);
  expect(text).toMatch(/and 2 more$/);
});
