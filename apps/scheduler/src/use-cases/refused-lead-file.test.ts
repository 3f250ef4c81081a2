// Risk: a file that cannot be read is half taken in silence, or a strict import takes something all the same.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { badRow, fileOf, header, intern, rowOf } from '../testing/lead-rows.ts';
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

describe('--strict', () => {
  const content = fileOf([...Array.from({ length: 600 }, (_, index) => rowOf(index)), badRow, badRow]);

  test('takes nothing when one row cannot be read, and lists every such row', async () => {
    const imported = await rig.importFile(content, { strict: true });
    expect(imported.run).toMatchObject({
      status: 'failed',
      error: { code: 'strict_refused', message: expect.stringContaining('2 rows') },
      rowsRead: 602,
      rowsDone: 2,
      counts: { bad_row: 2 },
      lastLine: 603,
    });
    expect(verdicts(imported)).toEqual(['602 bad_row', '603 bad_row']);
    expect(await rig.hasUpload(imported.run.runId)).toBe(false);
    expect(rig.handed).toEqual([]);
  });

  test('takes nothing when the file breaks off behind good rows', async () => {
    const imported = await rig.importFile(`${fileOf([rowOf(1), badRow])}"never closed`, { strict: true });
    expect(imported.run).toMatchObject({ status: 'failed', error: { code: 'unterminated_quote' } });
    expect(verdicts(imported)).toEqual(['3 bad_row']);
    expect(rig.handed).toEqual([]);
  });

  test('takes a file whose rows can all be read', async () => {
    const imported = await rig.importFile(fileOf([rowOf(1), intern(2), rowOf(1)]), { strict: true });
    expect(verdicts(imported)).toEqual(['2 drafted', '3 disqualified', '4 duplicate']);
    await expectWhole(rig, imported, 3);
  });
});

describe('a file that cannot be read', () => {
  test.each<[string, string | Buffer, string, string?]>([
    ['nothing', '', 'file_empty'],
    ['spaces', '  \n \n', 'file_empty'],
    ['a header alone', header, 'no_rows'],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004xl/workbook.xml'), 'file_spreadsheet'],
    ['a web page', '<!doctype html><html><body>Please log in</body></html>', 'file_web_page'],
    ['no header', 'a,b\nc,d\n', 'header_not_found'],
    ['no readable row', fileOf([badRow, badRow]), 'no_rows_recognised'],
    ['broken JSON', '[{"email":"a@b.example"', 'json_invalid', 'leads.json'],
    ['JSON without a list', '{\n"email": "a@b.example"\n}', 'json_no_list', 'leads.json'],
  ])(
    '%s ends the run with a code and a fix, hands nothing on and keeps no upload',
    async (_name, content, code, fileName = 'leads.csv') => {
      const { run } = await rig.importFile(content, { fileName });
      expect(run).toMatchObject({ status: 'failed', error: { code } });
      expect(run.error?.message).toMatch(/\w/);
      expect(run.error?.fix).toMatch(/\w/);
      expect(run.finishedAt).not.toBeNull();
      expect(await rig.hasUpload(run.runId)).toBe(false);
      expect(rig.handed).toEqual([]);
    },
  );

  test('because of a column mapping says which column is missing', async () => {
    const { run } = await rig.importFile(fileOf([rowOf(1)]), { overrides: { email: 'Work Mail' } });
    expect(run.error).toMatchObject({
      code: 'map_header_unknown',
      message: expect.stringContaining('Work Mail'),
    });
  });

  test('broken off in JSON says what was taken, too', async () => {
    const content = '[{"email":"a@meadow.example","title":"CEO","company":"Meadow"},\n{"email":]';
    const { run } = await rig.importFile(content, { fileName: 'leads.json' });
    expect(run.error).toMatchObject({
      code: 'json_invalid',
      message: expect.stringContaining('1 row above it was taken'),
    });
  });

  test('from some line on keeps what came before it, each row with its verdict, and says so', async () => {
    const content = fileOf([...Array.from({ length: 300 }, (_, index) => rowOf(index)), badRow, intern(400)]);
    const imported = await rig.importFile(`${content}"never closed,`);
    expect(imported.run).toMatchObject({
      status: 'failed',
      error: {
        code: 'unterminated_quote',
        message: expect.stringContaining('301 rows above it were taken, nothing below it.'),
        fix: expect.stringContaining('import the file again: what was taken is not taken twice'),
      },
    });
    await expectWhole(rig, imported, 302);
    expect(imported.run.counts).toEqual({ drafted: 300, bad_row: 1, disqualified: 1 });
    expect(rig.handed).toHaveLength(300);
  });
});
