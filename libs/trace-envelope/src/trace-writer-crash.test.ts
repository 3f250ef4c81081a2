// Risk: a record that was acknowledged is lost or unreadable after a crash.
import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startProcess } from '@caio/test-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTraceFolder, envelope, namesOf, openWriter } from './testing/trace-files.ts';

let files: Awaited<ReturnType<typeof createTraceFolder>>;
beforeAll(async () => {
  files = await createTraceFolder();
});
afterAll(() => files.remove());

describe('a file left by a crash', () => {
  test('a torn last line is cut and the next record stays whole', async () => {
    const file = files.freshFile();
    const first = openWriter(file);
    await first.writer.append(envelope(1));
    await first.writer.close();
    await appendFile(file, JSON.stringify(envelope(2)).slice(0, 100));
    const { writer, reports } = openWriter(file);
    await writer.append(envelope(3));
    await writer.close();
    expect(await namesOf(file)).toEqual(['tool:1', 'tool:3']);
    expect(reports).toEqual([{ event: 'tail_repaired', bytes: 100 }]);
  });

  test('a file that is nothing but a fragment becomes an ordinary one', async () => {
    const file = files.freshFile();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{"timestamp":"2026');
    const { writer } = openWriter(file);
    await writer.append(envelope(1));
    await writer.close();
    expect(await namesOf(file)).toEqual(['tool:1']);
  });
});

const bundle = (name: string, source: string): string => {
  const outfile = join(files.folder, `${name}.cjs`);
  const esbuild = createRequire(__filename).resolve('esbuild/bin/esbuild');
  const built = spawnSync(
    esbuild,
    ['--bundle', '--platform=node', '--format=cjs', '--loader=ts', `--outfile=${outfile}`],
    { input: source, cwd: join(__dirname, '..'), encoding: 'utf8' },
  );
  if (built.status !== 0) throw new Error(built.stderr);
  return outfile;
};

const childSource = `
import { createRedactor, createTraceWriter } from './src/index.ts';
const [file, name, total, rotateBytes] = process.argv.slice(2);
const writer = createTraceWriter({
  file, enabled: true, retentionDays: 30, cleanupEnabled: true, redactor: createRedactor(),
  now: Date.now, onReport: () => {}, rotateBytes: Number(rotateBytes),
});
let next = 0;
const lane = async () => {
  while (next < Number(total)) {
    const number = (next += 1);
    await writer.append({ ...${JSON.stringify(envelope(0))}, tool_name: name + ':' + number });
    process.stdout.write(number + '\\n');
  }
};
void Promise.all(Array.from({ length: 32 }, lane)).then(() => writer.close());
`;

describe('real processes', () => {
  let program = '';
  beforeAll(() => {
    program = bundle('writer', childSource);
  });

  test('everything acknowledged before kill -9 is in the file, whole', async () => {
    for (let round = 0; round < 3; round += 1) {
      const file = files.freshFile();
      const child = await startProcess({
        command: process.execPath,
        args: [program, file, 'a', '100000000', '1000000000'],
        readyWhen: ({ stdout }) => stdout().length > 4_000 + round * 3_000,
      });
      await child.kill9();
      const acknowledged = child.stdout().slice(0, child.stdout().lastIndexOf('\n')).split('\n');
      expect(acknowledged.length).toBeGreaterThan(500);

      const { writer } = openWriter(file);
      await writer.append(envelope(0));
      await writer.close();
      const found = new Set(await namesOf(file));
      expect(acknowledged.filter((number) => !found.has(`a:${number}`))).toEqual([]);
      expect(found.has('tool:0')).toBe(true);
    }
  });

  test('two processes writing and rotating one file lose and mix nothing', async () => {
    const file = files.freshFile();
    const children = await Promise.all(
      ['a', 'b'].map((name) =>
        startProcess({ command: process.execPath, args: [program, file, name, '4000', '100000'] }),
      ),
    );
    const ends = await Promise.all(children.map((child) => child.exit));
    expect(ends).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    const segments = await readdir(dirname(file));
    expect(segments.length).toBeGreaterThan(3);
    const names = (
      await Promise.all(segments.map((segment) => namesOf(join(dirname(file), segment))))
    ).flat();
    expect(names).toHaveLength(8_000);
    expect(new Set(names).size).toBe(8_000);
  });
});
