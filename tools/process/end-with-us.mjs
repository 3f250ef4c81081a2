import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Runs `command` if this process ends without calling the returned function, however it ends: a pipe to it closes
 * even after SIGKILL, which runs no exit handler. For what we started that does not watch over itself.
 *
 * @param {readonly [string, ...string[]]} command
 * @returns {() => void}  calls the guard off
 */
export function endWithUs(command) {
  if (process.platform === 'win32') return () => {};
  // In a session of its own: Ctrl-C goes to every process of the terminal, and the guard has to outlast us.
  const guard = spawn('/bin/sh', ['-c', 'read -r _; "$@"', 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return () => void guard.kill('SIGKILL');
}
