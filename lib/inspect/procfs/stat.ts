/** `/proc/PID/stat`: where a process comes from; see `man 5 proc_pid_stat`. */
import type { RootOptions } from '../../host/text.js';
import { readProcess } from './reading.js';
import type { Reading } from './reading.js';

export interface ProcessStat {
  readonly parent: number;
  /** Clock ticks from boot to its start. */
  readonly started: number;
  /** Whether it has executed a program since it was forked. */
  readonly hasExecuted: boolean;
  /**
   * Where its code and its stack begin: random for each execve(2), and kept by fork(2), so that it tells who runs the same program by
   * fork(2) alone. Undefined of what has no address space, and of others for an ordinary user.
   */
  readonly image: string | undefined;
}

/** Of a process whose first thread has ended the image is undefined: ask another thread for that, which knows nothing of the rest. */
export function statOf(pid: number, options: RootOptions = {}): Reading<ProcessStat> {
  return readProcess(pid, 'stat', options, parseProcessStat);
}

/** PF_FORKNOEXEC of the kernel's sched.h: set by fork(2) and clone(2), cleared by execve(2), posix_spawn(3) included. */
const FORKED_NOT_EXECUTED = 0x40;

/** The text of `/proc/PID/stat`. The name in it may hold blanks and parentheses. */
export function parseProcessStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  const stack = field(28);
  return {
    parent: Number(field(4)),
    started: Number(field(22)),
    hasExecuted: (Number(field(9)) & FORKED_NOT_EXECUTED) === 0,
    image: stack === '' || stack === '0' ? undefined : `${field(26)} ${stack}`,
  };
}
