import { readFileSync } from 'node:fs';

// What Linux counts in for programs, whatever its own clock ticks at.
const ticksPerSecond = 100;

/** The ticks of a line of /proc/<pid>/stat, all threads together: in the program itself and for it in the system. */
export const cpuTicksIn = (stat: string): number => {
  // The second field is a name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  if (!Number.isInteger(user) || !Number.isInteger(system))
    throw new Error('the system does not say what CPU time a process took');
  return user + system;
};

/** CPU time that a process has taken so far, in microseconds; exact to a hundredth of a second. */
export const cpuMicrosOf = (pid: number): number =>
  (cpuTicksIn(readFileSync(`/proc/${pid}/stat`, 'utf8')) * 1_000_000) / ticksPerSecond;
