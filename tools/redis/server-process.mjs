import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './free-port.mjs';
import { pingRedis, readProcessId } from './ping.mjs';

const READY_MS = 20_000;
const STOP_MS = 5_000;

/** @typedef {{ url: string, stop: () => Promise<void> }} RunningRedis */

/**
 * Starts `binary` on 127.0.0.1 and a free port: append-only file synced every second, nothing ever evicted.
 * With a `dataDir` the data stays there and a server an earlier, dead process left running on it is taken over
 * (two servers writing one append-only file would ruin it); without one the data lives in a temporary folder
 * that is deleted on stop. The server ends with this process.
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
  mkdirSync(dataDir, { recursive: true });
  const noteFile = join(dataDir, 'server.json');
  const left = await findLeftServer(noteFile);
  if (left) return adopt(left, noteFile);
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
  const child = spawn(
    binary,
    [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dir, '--logfile', logFile],
      ...['--daemonize', 'no', '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
      ...['--maxmemory-policy', 'noeviction'],
    ],
    { stdio: 'ignore' },
  );
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
      if (noteFile) writeFileSync(noteFile, JSON.stringify({ pid: child.pid, port, owner: process.pid }));
      return { url, stop };
    }
    await delay(10);
  }
  const reason = ended ?? `it did not answer within ${READY_MS / 1000} s`;
  const log = lastLines(logFile);
  await stop();
  throw new Error(`${binary} did not start: ${reason}${log}`);
}

/** @typedef {{ pid: number, port: number, owner: number }} LeftServer */

/**
 * A server still answering for this folder, if the note of an earlier start names one.
 *
 * @param {string} noteFile
 * @returns {Promise<LeftServer | null>}
 */
async function findLeftServer(noteFile) {
  const note = readNote(noteFile);
  if (!note || !isAlive(note.pid)) return null;
  const processId = await readProcessId(`redis://127.0.0.1:${note.port}`, 1_000);
  return processId === note.pid ? note : null;
}

/**
 * Uses a server that is already running; ends it only when the process that started it is gone.
 *
 * @param {LeftServer} left
 * @param {string} noteFile
 * @returns {RunningRedis}
 */
function adopt(left, noteFile) {
  const url = `redis://127.0.0.1:${left.port}`;
  if (isAlive(left.owner)) return { url, stop: async () => {} };
  writeFileSync(noteFile, JSON.stringify({ ...left, owner: process.pid }));
  const stopNow = () => {
    if (isAlive(left.pid)) process.kill(left.pid, 'SIGTERM');
    rmSync(noteFile, { force: true });
  };
  process.once('exit', stopNow);
  const stop = async () => {
    process.off('exit', stopNow);
    stopNow();
    const deadline = Date.now() + STOP_MS;
    while (isAlive(left.pid) && Date.now() < deadline) await delay(20);
  };
  return { url, stop };
}

/**
 * @param {string} noteFile
 * @returns {LeftServer | null}
 */
function readNote(noteFile) {
  try {
    /** @type {unknown} */
    const note = JSON.parse(readFileSync(noteFile, 'utf8'));
    if (typeof note !== 'object' || note === null) return null;
    const { pid, port, owner } = /** @type {Record<string, unknown>} */ (note);
    if (typeof pid !== 'number' || typeof port !== 'number' || typeof owner !== 'number') return null;
    return { pid, port, owner };
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} logFile */
function lastLines(logFile) {
  try {
    return `\n${readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join('\n')}`;
  } catch {
    return '';
  }
}
