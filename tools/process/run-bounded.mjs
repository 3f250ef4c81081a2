import { spawn } from 'node:child_process';

/**
 * @typedef {object} RunResult
 * @property {boolean} ok       exited with code 0 in time
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 * @property {boolean} timedOut
 * @property {string} reason    empty when ok; otherwise one short line a person can read
 */

/**
 * Runs a program to its end, for at most `timeoutMs`, and never throws: a missing program is a result too.
 * `output: 'inherit'` shows the program's output on our stderr instead of collecting it.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, env?: NodeJS.ProcessEnv, cwd?: string, output?: 'collect' | 'inherit' }} options
 * @returns {Promise<RunResult>}
 */
export function runBounded(file, args, { timeoutMs, env = process.env, cwd, output = 'collect' }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env,
      cwd,
      stdio: output === 'inherit' ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    child.stdout?.on('data', (/** @type {Buffer} */ chunk) => (stdout += chunk.toString()));
    child.stderr?.on('data', (/** @type {Buffer} */ chunk) => (stderr += chunk.toString()));
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    /** @param {number | null} code @param {string} startError */
    const finish = (code, startError) => {
      clearTimeout(timer);
      const ok = code === 0 && !timedOut;
      resolve({
        ok,
        code,
        stdout,
        stderr,
        timedOut,
        reason: ok ? '' : reasonOf({ code, stderr, timedOut, timeoutMs, startError }),
      });
    };
    child.on('error', (error) => finish(null, error.message));
    child.on('close', (code) => finish(code, ''));
  });
}

/** @param {{ code: number | null, stderr: string, timedOut: boolean, timeoutMs: number, startError: string }} outcome */
function reasonOf({ code, stderr, timedOut, timeoutMs, startError }) {
  if (startError) return startError;
  if (timedOut) return `no answer within ${timeoutMs / 1000} s`;
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return lastLine.slice(0, 200) || `exit code ${code ?? 'none, killed by a signal'}`;
}
