import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithUs } from '../process/end-with-us.mjs';
import { findFreePort } from './free-port.mjs';
import { endLeftServer } from './left-server.mjs';
import { pingRedis, readRunId } from './ping.mjs';

const READY_MS = 20_000;
const STOP_MS = 5_000;

/** @typedef {{ url: string, stop: () => Promise<void> }} RunningRedis */

/**
 * Starts `binary` on 127.0.0.1 and a free port: append-only file synced every second, nothing ever evicted.
 * With a `dataDir` the data stays there and a server an earlier process left running on it is ended first (two
 * servers writing one append-only file would ruin it); without one the data lives in a temporary folder that is
 * deleted on stop. The server ends with this process, also when that is killed.
 *
 * @param {{ binary: string, dataDir?: string | undefined }} options
 * @returns {Promise<RunningRedis>}
 * @throws when the server does not become ready; the message carries the end of its log
 */
export async function startRedisServer({ binary, dataDir }) {
  if (dataDir === undefined) {
    const dir = mkdtempSync(join(tmpdir(), 'caio-redis-'));
    return launch({
      binary,
      dir,
      forget: () => rmSync(dir, { recursive: true, force: true }),
      exitSignal: 'SIGKILL',
    });
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const noteFile = join(dataDir, 'server.json');
  await endLeftServer(noteFile);
  return launch({
    binary,
    dir: dataDir,
    noteFile,
    forget: () => rmSync(noteFile, { force: true }),
    exitSignal: 'SIGTERM',
  });
}

/**
 * @param {object} options
 * @param {string} options.binary
 * @param {string} options.dir
 * @param {() => void} options.forget            removes what must not outlive the server
 * @param {'SIGTERM' | 'SIGKILL'} options.exitSignal  SIGTERM where the data is kept, so that it is flushed
 * @param {string} [options.noteFile]            where the running server is written down for a later start
 * @returns {Promise<RunningRedis>}
 */
async function launch({ binary, dir, forget, exitSignal, noteFile }) {
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  const logFile = join(dir, 'redis.log');
  // It writes addresses and texts with the modes it is given; nobody else on the machine is to read them.
  const umask = process.umask(0o077);
  const child = spawn(
    binary,
    [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--logfile', logFile],
      ...['--daemonize', 'no', '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
      ...['--maxmemory-policy', 'noeviction'],
    ],
    // In a session of its own, so that Ctrl-C in a terminal does not take it from those that still need it.
    { stdio: 'ignore', detached: process.platform !== 'win32' },
  );
  process.umask(umask);
  const callOff = child.pid === undefined ? () => {} : endWithUs(['kill', '-TERM', String(child.pid)]);
  /** @type {string | undefined} */
  let ended;
  const closed = new Promise((resolve) => {
    child.once('error', (error) => resolve((ended = error.message)));
    child.once('exit', (code, signal) => resolve((ended = `it ended with ${signal ?? `code ${code}`}`)));
  });
  const killNow = () => {
    child.kill(exitSignal);
    forget();
  };
  process.once('exit', killNow);
  void closed.then(callOff);
  const stop = async () => {
    process.off('exit', killNow);
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await closed;
    clearTimeout(timer);
    forget();
  };
  const deadline = Date.now() + READY_MS;
  while (ended === undefined && Date.now() < deadline) {
    const answer = await pingRedis(url, 1_000);
    if (answer.ok) {
      if (noteFile) {
        const runId = await readRunId(url, 1_000);
        writeFileSync(noteFile, JSON.stringify({ pid: child.pid, port, runId }), { mode: 0o600 });
      }
      return { url, stop };
    }
    await delay(10);
  }
  const reason = ended ?? `it did not answer within ${READY_MS / 1000} s`;
  const log = lastLines(logFile);
  await stop();
  throw new Error(`${binary} did not start: ${reason}${log}`);
}

/** @param {string} logFile */
function lastLines(logFile) {
  try {
    return `\n${readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join('\n')}`;
  } catch {
    return '';
  }
}
