// Risk: a row of a lead file is lost, taken twice or shown with a verdict that nobody gave it.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RowVerdict } from '@caio/contracts';
import type { RunStore } from '@caio/state-store';
import { startRedis, type RedisServer } from '@caio/test-kit';
import fc from 'fast-check';
import { badRow, fileOf, intern, rowOf } from '../testing/lead-rows.ts';
import { createPipelineRig, type Gate, type PipelineRig } from '../testing/pipeline-rig.ts';
import { expectWhole, verdicts } from '../testing/whole-run.ts';

let server: RedisServer;
let rig: PipelineRig;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(() => {
  rig = createPipelineRig({ redisUrl: server.url, environment: `test-${randomUUID().slice(0, 8)}` });
});
afterEach(() => rig.close());
afterAll(() => server.stop());

describe('every row gets exactly one verdict', () => {
  test('of the file, of the judgement or of the gate, with its reason', async () => {
    const gate: Gate = ({ lead }) => {
      const [outcome, reason] = new Map<string | null, [ReturnType<Gate>['outcome'], string]>([
        ['ava.stone@oaklane-6.example', ['duplicate', 'person_has_draft']],
        ['ava.stone@oaklane-7.example', ['excluded', 'excluded']],
        ['ava.stone@oaklane-8.example', ['parked', 'banned_phrase']],
        ['ava.stone@oaklane-9.example', ['disqualified', 'outside_icp']],
      ]).get(lead.email) ?? ['accepted', 'title_executive'];
      return { outcome, reasons: [reason] };
    };
    const rows = [
      rowOf(1),
      badRow,
      rowOf(1),
      intern(4),
      rowOf(5, { email: '', linkedin: 'https://www.linkedin.com/in/ava-5-example' }),
    ];
    const imported = await rig.importFile(
      fileOf([...rows, rowOf(6), rowOf(7), rowOf(8), rowOf(9)]),
      {},
      { gate },
    );

    expect(verdicts(imported)).toEqual([
      '2 drafted',
      '3 bad_row',
      '4 duplicate',
      '5 disqualified',
      '6 parked',
      '7 duplicate',
      '8 excluded',
      '9 parked',
      '10 disqualified',
    ]);
    await expectWhole(rig, imported, 9);
    expect(imported.run.status).toBe('done');
    expect(imported.rows.every(({ reasons }) => reasons.length > 0)).toBe(true);
    expect(imported.rows.map(({ reasons }) => reasons.at(-1))).toEqual([
      'title_executive',
      'unreadable_row',
      'same_person_earlier_in_file',
      expect.stringMatching(/outside_icp|title/),
      'missing_email',
      'person_has_draft',
      'excluded',
      'banned_phrase',
      'outside_icp',
    ]);
    expect(rig.handed.map(({ line }) => line).sort((one, two) => one - two)).toEqual([2, 7, 8, 9, 10]);

    // Line 9 is a parked draft, which a reviewer can see; of the others nobody could say later why they are missing.
    const unfit = imported.rows.find(({ line }) => line === 5)?.reasons.at(-1) ?? '';
    const { disqualified, ...others } = imported.run.withoutDraft;
    expect(others).toEqual({
      bad_row: { unreadable_row: 1 },
      duplicate: { same_person_earlier_in_file: 1, person_has_draft: 1 },
      parked: { missing_email: 1 },
      excluded: { excluded: 1 },
    });
    expect(disqualified?.[unfit]).toBe(unfit === 'outside_icp' ? 2 : 1);
    expect(disqualified?.['outside_icp']).toBe(unfit === 'outside_icp' ? 2 : 1);
  });

  test('somebody who is parked is so for the open question, and no text is asked for', async () => {
    const { run, rows } = await rig.importFile(
      fileOf([rowOf(1, { industry: '' }), rowOf(2, { status: 'Unverified' }), rowOf(3, { first: '' })]),
    );
    expect(rows.map(({ verdict, reasons }) => [verdict, reasons.at(-1)])).toEqual([
      ['parked', 'industry_unknown'],
      ['parked', 'email_unverified'],
      ['parked', 'unrendered_placeholder'],
    ]);
    expect(rows.flatMap(({ reasons }) => reasons)).not.toContain('no_template');
    expect(rows.map(({ missing }) => missing)).toEqual([undefined, undefined, ['firstName']]);
    expect(run.withoutDraft).toEqual({
      parked: { industry_unknown: 1, email_unverified: 1, unrendered_placeholder: 1 },
    });
  });

  test('a bad row is listed with its column, its value and what is wrong with it', async () => {
    const { rows } = await rig.importFile(fileOf([rowOf(1), badRow]));
    expect(rows[1]).toMatchObject({
      line: 3,
      physicalLine: 3,
      verdict: 'bad_row',
      tier: null,
      problems: [{ column: 'Email', value: 'not an address', reason: expect.stringMatching(/\w/) }],
    });
  });

  test('an unreadable cell of a good row is shown, and the row is taken', async () => {
    const { rows } = await rig.importFile(fileOf([rowOf(1, { employees: 'a few' })]));
    expect(rows[0]).toMatchObject({
      verdict: 'drafted',
      problems: [{ column: '# Employees', value: 'a few' }],
    });
  });

  test('whatever the file is made of', async () => {
    const kind = fc.constantFrom('good', 'again', 'bad', 'intern', 'empty cells', 'no line', 'linkedin only');
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 40 }), async (kinds) => {
        const lines = kinds.map((one, index) => {
          if (one === 'bad') return badRow;
          if (one === 'again') return rowOf(1);
          if (one === 'intern') return intern(1_000 + index);
          if (one === 'empty cells') return ',,,,,,,,,,';
          if (one === 'no line') return '';
          const linkedin = `https://www.linkedin.com/in/someone-${index}-example`;
          return one === 'good' ? rowOf(2_000 + index) : rowOf(3_000 + index, { email: '', linkedin });
        });
        const content = fileOf([rowOf(9_999), ...lines]);
        const imported = await rig.importFile(content);
        const real = kinds.filter((one) => one !== 'empty cells' && one !== 'no line').length;
        await expectWhole(rig, imported, 1 + real);
        expect(imported.rows.at(-1)?.line).toBe(imported.run.lastLine);
        const drafted = imported.rows.filter(({ verdict }) => verdict === 'drafted').length;
        expect(rig.handed.splice(0)).toHaveLength(drafted);
      }),
      { numRuns: 25 },
    );
  });
});

describe('one person is one person', () => {
  test.each<[string, string, string, RowVerdict]>([
    ['in other letters', 'ava@oak.example', 'AVA@Oak.Example', 'duplicate'],
    ['with spaces around', 'ava@oak.example', '  ava@oak.example ', 'duplicate'],
    ['with a domain in its own script', 'ava@bücher.example', 'ava@xn--bcher-kva.example', 'duplicate'],
    ['with a tag', 'ava@oak.example', 'ava+list@oak.example', 'drafted'],
    ['with a dot', 'ava.b@oak.example', 'avab@oak.example', 'drafted'],
  ])('an address %s', async (_name, one, two, verdict) => {
    const rows = [rowOf(1, { email: one, website: '' }), rowOf(2, { email: two, website: '' })];
    const imported = await rig.importFile(fileOf(rows));
    expect(imported.rows.map((row) => row.verdict)).toEqual(['drafted', verdict]);
  });

  test('a profile joins two addresses, and whatever one of them was seen with is the same person too', async () => {
    const linkedin = 'https://www.linkedin.com/in/ava-stone-example';
    const imported = await rig.importFile(
      fileOf([
        rowOf(1, { linkedin }),
        rowOf(2, { linkedin: 'linkedin.com/in/Ava-Stone-Example/?trk=x' }),
        rowOf(2),
      ]),
    );
    expect(verdicts(imported)).toEqual(['2 drafted', '3 duplicate', '4 duplicate']);
    expect(rig.handed).toHaveLength(1);
  });

  test('the first row counts, also when it led to nothing', async () => {
    const imported = await rig.importFile(fileOf([intern(1), rowOf(1), rowOf(2)]));
    expect(verdicts(imported)).toEqual(['2 disqualified', '3 duplicate', '4 drafted']);
  });
});

describe('which column fed which field', () => {
  test('is kept with the run, and so is what was ignored', async () => {
    const content = 'Email,Shoe Size,Title,Company\nava@oak.example,41,CEO,Oak Lane Agency\n';
    const { run } = await rig.importFile(content);
    expect(run.format).toBe('csv');
    expect(run.mapping).toContainEqual({ field: 'email', column: 'Email', how: 'alias' });
    expect(run.ignoredColumns).toEqual(['Shoe Size']);
  });

  test('follows --map', async () => {
    const content = 'Email,Real Mail\ndecoy@oak.example,ava@oak.example\n';
    const { run, rows } = await rig.importFile(content, { overrides: { email: 'Real Mail' } });
    expect(run.mapping).toEqual([{ field: 'email', column: 'Real Mail', how: 'map' }]);
    expect(rows[0]?.email).toBe('ava@oak.example');
  });

  test('grows with a JSON file whose later objects have more fields', async () => {
    const people: Record<string, string>[] = Array.from({ length: 400 }, (_, index) => ({
      email: `person${index}@oak.example`,
    }));
    people.push({ email: 'last@oak.example', title: 'CEO', shoe: '41' });
    const { run, rows } = await rig.importFile(JSON.stringify(people), { fileName: 'leads.json' });
    expect(run.mapping.map(({ field }) => field)).toEqual(['email', 'title']);
    expect(run.ignoredColumns).toEqual(['shoe']);
    expect([rows[0]?.line, rows.at(-1)?.line, run.lastLine]).toEqual([1, 401, 401]);
  });
});

test('a text that does not fit its job is parked with the reason instead of lost on the way', async () => {
  const endless = {
    name: 'endless',
    draft: () =>
      Promise.resolve({
        ok: true as const,
        subject: 'x'.repeat(2_000),
        body: 'Hello',
        claims: [],
        templateId: null,
      }),
  };
  const imported = await rig.importFile(fileOf([rowOf(1)]), {}, { drafter: endless });
  expect(imported.rows[0]).toMatchObject({ verdict: 'parked', tier: 'tier_1' });
  expect(imported.rows[0]?.reasons.at(-1)).toBe('text_too_large');
  await expectWhole(rig, imported, 1);
});

test('colleagues at one company get different texts while there are any', async () => {
  const colleague = (name: string): string =>
    rowOf(1, { first: name, last: 'Reed', email: `${name.toLowerCase()}@oaklane-1.example` });
  await rig.importFile(fileOf([colleague('Ada'), colleague('Bo')]));
  const templates = rig.handed.map(({ submission }) => submission.templateId);
  expect(new Set(templates).size).toBe(2);
});

test('a run shows the answers of the gate as they come, never fewer than before', async () => {
  const seen: number[] = [];
  const runs = (real: RunStore): RunStore => ({
    ...real,
    save: async (run) => {
      seen.push(run.rowsDone);
      await real.save(run);
    },
  });
  let asked = 0;
  const content = fileOf([...Array.from({ length: 60 }, (_, index) => rowOf(index)), intern(99)]);
  const imported = await rig.importFile(
    content,
    {},
    {
      runs,
      intakeAnswers: (real) => ({
        ...real,
        count: async (runId, correlationId) => {
          asked += 1;
          return asked > 4 ? real.count(runId, correlationId) : asked * 12;
        },
      }),
      pause: () => () => Promise.resolve(),
    },
  );
  expect(seen).toEqual(expect.arrayContaining([13, 25, 37, 49, 61]));
  expect(seen).toEqual([...seen].sort((one, two) => one - two));
  await expectWhole(rig, imported, 61);
});

test('two files at once do not mix', async () => {
  const rows = (from: number): string[] => Array.from({ length: 260 }, (_, index) => rowOf(from + index));
  const [one, two] = await Promise.all([
    rig.importFile(fileOf(rows(10_000)), { fileName: 'one.csv' }),
    rig.importFile(fileOf([...rows(20_000), badRow]), { fileName: 'two.csv' }),
  ]);
  await expectWhole(rig, one, 260);
  await expectWhole(rig, two, 261);
  expect(one.rows.every(({ email }) => email?.includes('oaklane-10'))).toBe(true);
  expect(two.rows.slice(0, -1).every(({ email }) => email?.includes('oaklane-20'))).toBe(true);
  for (const { run } of [one, two])
    expect(rig.handed.filter(({ runId }) => runId === run.runId)).toHaveLength(260);
});
