import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names this process so that a later one on the same host can prove that it is gone: the host's boot and process
 * namespace, the process id and when it started. Elsewhere nothing can be proven, and that is the answer.
 */
export interface ProcessIdentity {
  readonly id: string;
  /** True only when `id` belongs to a process of this host that certainly does not run any more. */
  readonly isProvenDead: (id: string) => boolean;
}

const readOr = (read: () => string, fallback: string): string => {
  try {
    return read();
  } catch {
    return fallback;
  }
};

/** Null where this system does not tell enough: then nothing about another process can be proven. */
const hostMark = (): string | null => {
  const bootId = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), '');
  const namespace = readOr(() => readlinkSync('/proc/self/ns/pid'), '');
  if (bootId === '' || namespace === '') return null;
  return createHash('sha256').update([hostname(), bootId, namespace].join('\n')).digest('hex').slice(0, 16);
};

/** Clock ticks since boot at which a process started (field 22 of its stat), or null where that is not told. */
const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM is somebody else's living process.
    return Reflect.get(Object(error), 'code') !== 'ESRCH';
  }
};

export const createProcessIdentity = (pid: number): ProcessIdentity => {
  const host = hostMark();
  return {
    id: `${host ?? 'unknown'}.${pid}.${startOf(pid) ?? 'unknown'}`,
    isProvenDead: (id) => {
      const [otherHost, otherPid = '', otherStart] = id.split('.');
      if (host === null || otherHost !== host || otherStart === undefined || otherStart === 'unknown')
        return false;
      if (!/^\d+$/.test(otherPid)) return false;
      if (!exists(Number(otherPid))) return true;
      const start = startOf(Number(otherPid));
      return start !== null && start !== otherStart;
    },
  };
};
