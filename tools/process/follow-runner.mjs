const POLL_MS = 500;

/**
 * Ends this process with the npm that runs it. npm passes TERM and INT on, but nobody passes on that npm was
 * killed; a process whose parent is gone is given another one, and that shows. The process then gets the signal of
 * a terminal that hung up, so that whoever tidies up on that signal does. Without npm nothing is followed: a shell
 * that started a process in the background may end before it.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function followRunner(env) {
  if (env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const runner = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === runner) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGHUP');
  }, POLL_MS);
  timer.unref();
}
