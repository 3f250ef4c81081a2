import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string }} Ended */

/**
 * @typedef {object} BundleProcess
 * @property {() => Promise<string | null>} ready    null once the ready line was printed, otherwise what went wrong
 * @property {() => Promise<Ended>} stop              SIGTERM, and SIGKILL after ten seconds
 * @property {Promise<Ended>} ended
 */

const READY_MS = 30_000;
const STOP_MS = 10_000;

/**
 * Copies one bundle, and nothing else, into an empty folder and starts it there with exactly this environment.
 *
 * @param {string} bundleFile
 * @param {Readonly<Record<string, string>>} environment
 * @returns {BundleProcess}
 */
export function startAlone(bundleFile, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'caio-alone-'));
  copyFileSync(bundleFile, join(folder, 'main.cjs'));
  const child = spawn(process.execPath, ['main.cjs'], {
    cwd: folder,
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => (stderr += chunk.toString()));
  /** @type {Promise<null>} */
  const readyLine = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout += `${line}\n`;
      if (line.startsWith('{"ready":true')) resolve(null);
    });
  });
  /** @type {Promise<Ended>} */
  const ended = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      rmSync(folder, { recursive: true, force: true });
      resolve({ code, signal, stdout, stderr });
    });
  });
  const stopAfter = (/** @type {number} */ ms) => setTimeout(() => child.kill('SIGKILL'), ms);
  return {
    ended,
    ready: async () => {
      const timer = stopAfter(READY_MS);
      const first = await Promise.race([readyLine, ended]);
      clearTimeout(timer);
      return first === null ? null : `it ended instead of becoming ready: ${lastLines(stderr || stdout)}`;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = stopAfter(STOP_MS);
      const outcome = await ended;
      clearTimeout(timer);
      return outcome;
    },
  };
}

/**
 * What is wrong with the way a bundle refused to start without its environment, or null.
 *
 * @param {Ended} ended
 * @param {readonly string[]} required  the variables its message has to name
 * @returns {string | null}
 */
export function judgeRefusal({ code, signal, stderr }, required) {
  if (signal !== null) return `it had to be stopped with ${signal} instead of refusing`;
  if (code === 0) return 'it ended with exit code 0, as if all were well';
  if (stderr.trim() === '') return 'it refused without a word on stderr';
  if (/^\s+at .+[:(]\d+/m.test(stderr))
    return `it printed a stack instead of one message: ${lastLines(stderr)}`;
  if (!/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/.test(stderr))
    return `its message names no variable: ${lastLines(stderr)}`;
  const unnamed = required.filter((name) => !new RegExp(`\\b${name}\\b`).test(stderr));
  if (unnamed.length > 0) return `its message does not name ${unnamed.join(', ')}: ${lastLines(stderr)}`;
  return null;
}

/** @param {string} text */
function lastLines(text) {
  return text.trim().split('\n').slice(-4).join(' | ').slice(0, 600);
}
