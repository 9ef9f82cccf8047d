/** Which process a part of the journal belongs to, and whether it still runs. */
import { readFileSync, readlinkSync } from 'node:fs';

/** A process: the number alone is reused. */
export interface Owner {
  /** Inode of the PID namespace: in another one the number means another process, or none. */
  readonly namespace: number;
  readonly pid: number;
  /** Clock ticks from boot to the start of the process: field 22 of `/proc/PID/stat`. */
  readonly startTime: number;
}

/**
 * Field 22 of the text of `/proc/PID/stat`. The name before it may hold blanks and parentheses.
 *
 * @returns undefined for a process that has ended, and whose parent has not yet asked how (a zombie)
 */
export function parseStartTime(stat: string): number | undefined {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', ticks] = [afterName[0], afterName[19]]; // fields 3 and 22
  if ('ZX'.includes(state)) return undefined;
  return ticks !== undefined && /^\d+$/.test(ticks) ? Number(ticks) : undefined;
}

export function thisProcess(): Owner {
  return { namespace: pidNamespace(), pid: process.pid, startTime: startTime('self') ?? 0 };
}

/** `unknown` when the owner is of another PID namespace, where this process cannot look. */
export function ownerState({ namespace, pid, startTime: started }: Owner): 'running' | 'gone' | 'unknown' {
  if (namespace !== pidNamespace()) return 'unknown';
  return startTime(String(pid)) === started ? 'running' : 'gone';
}

// The link is `pid:[4026531836]`.
function pidNamespace(): number {
  return Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]);
}

function startTime(pid: string): number | undefined {
  try {
    return parseStartTime(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // no such process, or one that ended while it was read
  }
}
