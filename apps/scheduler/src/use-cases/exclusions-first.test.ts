// Risk: a customer's people are called parked, somebody settles what is open about them, and they are written to.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { fileOf, intern, rowOf } from '../testing/lead-rows.ts';
import { createPipelineRig, type PipelineRig } from '../testing/pipeline-rig.ts';
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

test('whoever is excluded is called so, also when the judgement alone would park or refuse them', async () => {
  rig.bar(({ companyDomain }) => (companyDomain === 'customer.example' ? 'excluded' : null));
  const website = 'https://customer.example';
  const imported = await rig.importFile(
    fileOf([
      rowOf(1, { website }),
      rowOf(2, { title: 'Intern', website }),
      rowOf(3, { industry: '' }),
      intern(4),
    ]),
  );
  expect(verdicts(imported)).toEqual(['2 excluded', '3 excluded', '4 parked', '5 disqualified']);
  expect(imported.rows[0]).toMatchObject({ tier: null, reasons: ['excluded'] });
  expect(imported.run.withoutDraft['excluded']).toEqual({ excluded: 2 });
  await expectWhole(rig, imported, 4);
});

test('whoever opted out is called so, also when a text or an answer is missing', async () => {
  rig.bar(({ email }) => (/oaklane-[12]/.test(email ?? '') ? 'suppressed' : null));
  const imported = await rig.importFile(
    fileOf([rowOf(1, { industry: '' }), rowOf(2, { first: '', company: '' }), rowOf(3, { industry: '' })]),
  );
  expect(verdicts(imported)).toEqual(['2 excluded', '3 excluded', '4 parked']);
  for (const row of imported.rows.slice(0, 2)) {
    expect(row.reasons).toEqual(['suppressed']);
    expect(row).not.toHaveProperty('missing');
  }
  await expectWhole(rig, imported, 3);
});

test('a gate that does not say who is excluded is waited for, and after too long the judgement stands', async () => {
  let asked = 0;
  const late = await rig.importFile(
    fileOf([intern(1)]),
    {},
    {
      intakeAnswers: (real) => ({
        ...real,
        excluded: (leads, correlationId) => {
          asked += 1;
          return asked < 3 ? Promise.resolve(null) : real.excluded(leads, correlationId);
        },
      }),
      pause: () => () => Promise.resolve(),
    },
  );
  expect([asked, ...verdicts(late)]).toEqual([3, '2 disqualified']);
  const never = await rig.importFile(
    fileOf([intern(2)]),
    {},
    {
      intakeAnswers: (real) => ({ ...real, excluded: () => Promise.resolve(null) }),
      pause: () => () => {
        rig.clock.advance(60_000);
        return Promise.resolve();
      },
    },
  );
  expect([never.run.status, ...verdicts(never)]).toEqual(['done', '2 disqualified']);
});
