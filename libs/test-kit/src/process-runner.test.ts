// Risk: child processes that outlive the test run, or a crashed one that a test takes for a running one.
import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './process-runner.ts';
import { waitFor } from './wait-for.ts';

const node = (program: string, options: Partial<Parameters<typeof startProcess>[0]> = {}) =>
  startProcess({ command: process.execPath, args: ['-e', program], ...options });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('startProcess', () => {
  test('waits for readiness, keeps the output and stops in order', async () => {
    const child = await node(
      `process.on('SIGTERM', () => { console.log('bye'); process.exit(3); }); setInterval(() => {}, 1000);
       console.log('starting'); console.log(JSON.stringify({ ready: process.env.NAME }));`,
      { env: { NAME: 'blue' }, readyWhen: (running) => running.jsonLines().length === 1 },
    );
    expect(child.jsonLines()).toEqual([{ ready: 'blue' }]);
    expect(await child.stop()).toEqual({ code: 3, signal: null });
    expect(child.stdout()).toContain('bye');
  });

  test('kill9 gives the process no chance to tidy up', async () => {
    const child = await node(
      `process.on('exit', () => console.log('tidied up')); console.log('up'); setInterval(() => {}, 1000);`,
      { readyWhen: (running) => running.stdout().includes('up') },
    );
    expect(await child.kill9()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(child.stdout()).not.toContain('tidied up');
  });

  test('a process that ends before it is ready is an error with its output', async () => {
    const start = node(`console.error('no such table'); process.exit(7)`, { readyWhen: () => false });
    await expect(start).rejects.toThrow(/code 7[\s\S]*no such table/);
  });

  test('a command that does not exist is an error, not a hang', async () => {
    await expect(startProcess({ command: '/nowhere/at-all' })).rejects.toThrow('could not start');
  });

  test('a variable set to undefined is taken from the environment', async () => {
    const child = await node(`console.log(JSON.stringify({ path: process.env.PATH ?? null }))`, {
      env: { PATH: undefined },
    });
    await child.exit;
    expect(child.jsonLines()).toEqual([{ path: null }]);
  });

  test('the children of a test process that is killed die with it', async () => {
    const runner = require.resolve('./process-runner.ts');
    const scratchDir = mkdtempSync(join(tmpdir(), 'caio-scratch-'));
    const program = `
      const { buildSync } = require(${JSON.stringify(require.resolve('esbuild'))});
      const { outputFiles } = buildSync({ entryPoints: [${JSON.stringify(runner)}], bundle: true,
        platform: 'node', format: 'cjs', write: false });
      const built = { exports: {} };
      new Function('module', 'exports', 'require', outputFiles[0].text)(built, built.exports, require);
      built.exports.startProcess({ command: 'sleep', args: ['600'], scratchDir: ${JSON.stringify(scratchDir)} })
        .then((child) => console.log(JSON.stringify({ grandchild: child.pid })));
      setInterval(() => {}, 1000);`;
    const parent = await node(program, { readyWhen: (running) => running.jsonLines().length === 1 });
    const grandchild = Number(parent.jsonLines()[0]?.['grandchild']);
    expect(isAlive(grandchild)).toBe(true);
    await parent.kill9();
    await waitFor(() => !isAlive(grandchild), { timeoutMs: 5_000, describe: 'the orphan to be killed' });
    await waitFor(() => !existsSync(scratchDir), { timeoutMs: 5_000, describe: 'its files to be removed' });
  });
});

describe('waitFor', () => {
  test('gives back the first answer that is one, zero and empty text included', async () => {
    const answers = [false, null, undefined, 0];
    expect(await waitFor(() => answers.shift(), { timeoutMs: 1_000, describe: 'an answer' })).toBe(0);
  });

  test('names what it waited for, with the last error as the cause', async () => {
    const cause = new Error('still closed');
    const wait = waitFor(() => Promise.reject(cause), { timeoutMs: 30, describe: () => 'the door' });
    await expect(wait).rejects.toMatchObject({ message: expect.stringContaining('the door'), cause });
  });
});
