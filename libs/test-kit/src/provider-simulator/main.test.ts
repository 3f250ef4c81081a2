// Risk: a hand-over that the provider acknowledged but cannot show any more after it was killed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, type RunningProcess } from '../process-runner.ts';
import { waitFor } from '../wait-for.ts';
import { readSimulatorConfig } from './config.ts';

const directory = mkdtempSync(join(tmpdir(), 'caio-simulator-'));
const program = join(directory, 'main.cjs');

beforeAll(() => {
  buildSync({
    entryPoints: [require.resolve('./main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
  });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const start = (logFile: string): Promise<RunningProcess> =>
  startProcess({
    command: process.execPath,
    args: [program, '--port', '0', '--log-file', logFile],
    readyWhen: (running) => running.jsonLines()[0]?.['ready'] === true,
  });

const post = async (url: string, body: unknown): Promise<{ id?: string }> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox' },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return Object(answer);
};

describe('the simulator as its own process', () => {
  test('every acknowledged lead is in the file after kill -9, across two lives', async () => {
    const logFile = join(directory, 'log.jsonl');
    const acknowledged: string[] = [];
    for (const life of ['one', 'two']) {
      const running = await start(logFile);
      const url = `${String(running.jsonLines()[0]?.['url'])}/api/v2`;
      const schedule = { name: 'D', timing: { from: '08:00', to: '18:00' }, days: { '1': true } };
      const { id } = await post(`${url}/campaigns`, {
        name: life,
        campaign_schedule: { schedules: [{ ...schedule, timezone: 'Etc/GMT+12' }] },
      });
      await Promise.all(
        Array.from({ length: 50 }, async (_, number) => {
          const email = `${life}${number}@north.example`;
          if ((await post(`${url}/leads`, { campaign: id, email })).id !== undefined)
            acknowledged.push(email);
        }),
      );
      await running.kill9();
    }
    const kept = readFileSync(logFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
      .map((entry) => Object(entry).email);
    expect(kept.sort()).toEqual(acknowledged.sort());
    expect(kept).toHaveLength(100);
  });

  test('SIGTERM ends it in order even with a connection held open', async () => {
    const running = await start(join(directory, 'other.jsonl'));
    await fetch(`${String(running.jsonLines()[0]?.['url'])}/__health`);
    expect(await running.stop()).toEqual({ code: 0, signal: null });
  });
});

test('it ends with the process it must not outlive', async () => {
  const parent = await startProcess({ command: 'sleep', args: ['60'] });
  const running = await startProcess({
    command: process.execPath,
    args: [program, '--port', '0'],
    env: { CAIO_PARENT_PID: String(parent.pid) },
    readyWhen: (started) => started.jsonLines().length === 1,
  });
  await parent.kill9();
  try {
    const exit = await waitFor(running.exited, { timeoutMs: 10_000, describe: 'the simulator to end' });
    expect(exit).toEqual({ code: 0, signal: null });
  } finally {
    await running.kill9();
  }
});

describe('its configuration', () => {
  test('options win over the environment', () => {
    expect(readSimulatorConfig(['--port', '9001'], { PORT: '9000', HOST: '::' })).toMatchObject({
      port: 9001,
      host: '::',
    });
  });

  test('a port that is none is refused', () => {
    expect(() => readSimulatorConfig([], { PORT: 'http' })).toThrow('port');
  });
});
