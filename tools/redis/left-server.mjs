import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pingRedis, readRunId } from './ping.mjs';

const END_MS = 15_000;
const ANSWER_MS = 1_000;

/** @typedef {{ pid: number, port: number, runId: string }} LeftServer */

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
    // Asked for its name first: the port and the process id may belong to another program by now. Its own process
    // id would not do, which is another one where a script or a container stands between.
    const runId = await readRunId(urlOf(left), ANSWER_MS);
    if (runId === left.runId) askToEnd(left.pid);
    else if (runId !== null) break;
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
    const { pid, port, runId } = /** @type {Record<string, unknown>} */ (note);
    if (typeof pid !== 'number' || typeof port !== 'number' || typeof runId !== 'string') return null;
    return { pid, port, runId };
  } catch {
    return null;
  }
}
