import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pingRedis, readProcessId } from './ping.mjs';

const END_MS = 15_000;
const ANSWER_MS = 1_000;

/** @typedef {{ pid: number, port: number }} LeftServer */

/**
 * Ends the server that an earlier start left running on a data folder, if its note names one, and waits until it has
 * written its data. Only the process that works in the folder may call this.
 *
 * @param {string} noteFile
 * @throws when the server does not end
 */
export async function endLeftServer(noteFile) {
  const left = readNote(noteFile);
  const deadline = Date.now() + END_MS;
  while (left && (await serves(left))) {
    if (Date.now() > deadline) {
      throw new Error(`the Redis of an earlier start, process ${left.pid}, does not end; end it by hand`);
    }
    // Asked for its process id first: the number may belong to another program by now.
    const processId = await readProcessId(urlOf(left), ANSWER_MS);
    if (processId === left.pid) askToEnd(left.pid);
    else if (processId !== null) break;
    await delay(20);
  }
  rmSync(noteFile, { force: true });
}

/** @param {LeftServer} left */
const urlOf = ({ port }) => `redis://127.0.0.1:${port}`;

/**
 * A server that is busy writing answers nothing, and still has its port.
 *
 * @param {LeftServer} left
 */
async function serves(left) {
  if (!isAlive(left.pid)) return false;
  const answer = await pingRedis(urlOf(left), ANSWER_MS);
  return answer.ok || !answer.reason.includes('ECONNREFUSED');
}

/** @param {number} pid */
function askToEnd(pid) {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // Gone in the meantime.
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

/**
 * @param {string} noteFile
 * @returns {LeftServer | null}
 */
function readNote(noteFile) {
  try {
    /** @type {unknown} */
    const note = JSON.parse(readFileSync(noteFile, 'utf8'));
    if (typeof note !== 'object' || note === null) return null;
    const { pid, port } = /** @type {Record<string, unknown>} */ (note);
    return typeof pid === 'number' && typeof port === 'number' ? { pid, port } : null;
  } catch {
    return null;
  }
}
