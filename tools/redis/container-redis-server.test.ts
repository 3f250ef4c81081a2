// Risk: on a machine with only a container engine, a test kills "its" Redis and the container lives on.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitFor } from '@caio/test-kit';
import { containerArguments, storageArguments } from './container-arguments.mjs';
import { findFreePort } from './free-port.mjs';
import { pingRedis } from './ping.mjs';
import { realServerFor } from './testing/real-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-wrapper-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const waitForAnswer = (url: string, wanted: 'up' | 'down') =>
  waitFor(async () => (await pingRedis(url, 500)).ok === (wanted === 'up'), {
    timeoutMs: 10_000,
    describe: `${url} to be ${wanted}`,
  });

test('arguments publish the port on 127.0.0.1 and mount the data folder at its own path', () => {
  const args = containerArguments(['--port', '7001', '--dir', '/data/a', '--appendonly', 'yes'], 'docker');
  expect(args).toEqual(expect.arrayContaining(['--publish=127.0.0.1:7001:7001', '--volume=/data/a:/data/a']));
  expect(args.slice(args.indexOf('redis:7') + 1, args.indexOf('redis:7') + 3)).toEqual(['sh', '-c']);
  expect(args.slice(-6)).toEqual(['--bind', '0.0.0.0', '--protected-mode', 'no', '--daemonize', 'no']);
});

test('a container writes as this user, whom podman without root would count anew', () => {
  const argumentsOf = (engine: 'docker' | 'podman', uid: number) =>
    storageArguments({ engine, from: '/data/a', to: '/data', user: { uid, gid: 7 } }).join(' ');
  const common = '--volume=/data/a:/data --security-opt=label=disable';
  expect(argumentsOf('docker', 1000)).toBe(`${common} --user=1000:7`);
  expect(argumentsOf('podman', 0)).toBe(`${common} --user=0:7`);
  expect(argumentsOf('podman', 1000)).toBe(`${common} --user=1000:7 --userns=keep-id`);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a wrapper that gets %s takes its server along',
  async (signal) => {
    symlinkSync(realServerFor(folder), join(folder, 'redis-server'));
    // An engine that runs what it is given on this machine, with standard input attached as `run --interactive` does.
    const engine = join(folder, 'docker');
    writeFileSync(
      engine,
      `#!${process.execPath}
const args = process.argv.slice(2);
if (args[0] === 'info') console.log('28.0.0');
if (args[0] !== 'run') process.exit(0);
const child = require('node:child_process').spawn('sh', args.slice(args.indexOf('sh') + 1), { stdio: 'inherit' });
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));\n`,
    );
    chmodSync(engine, 0o755);
    const port = await findFreePort();
    const wrapper = spawn(
      process.execPath,
      [join(__dirname, 'container-redis-server.mjs'), '--port', String(port), '--dir', folder, '--save', ''],
      {
        env: { PATH: [folder, '/usr/bin', '/bin'].join(delimiter) },
        stdio: 'ignore',
      },
    );
    const url = `redis://127.0.0.1:${port}`;
    await waitForAnswer(url, 'up');
    wrapper.kill(signal);
    await waitForAnswer(url, 'down');
  },
);
