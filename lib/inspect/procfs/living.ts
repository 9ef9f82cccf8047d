/** The thread by which a process is read: a process outlives its first thread, whose files then show nothing of it any more. */
import { HugePagesError } from '../../errors.js';
import { listNumbered } from '../../host/text.js';
import type { RootOptions } from '../../host/text.js';
import { UNREADABLE } from './reading.js';
import type { Reading } from './reading.js';
import { statusOf } from './status.js';
import type { ProcessStatus } from './status.js';

/** A process, and what to ask instead of it. */
export interface Living {
  /** Itself, or another of its threads when the first has ended. */
  readonly thread: number;
  /** Of that thread, with the name of the first. */
  readonly status: ProcessStatus;
}

/** Of a zombie, which has no other thread, its own. */
export function livingOf(pid: number, options: RootOptions = {}): Reading<Living> {
  const own = statusOf(pid, options);
  if (own === undefined || own === UNREADABLE) return own;
  // It gives its addresses up before it is a zombie.
  if (!own.hasAddressSpace) {
    for (const thread of listNumbered(`/proc/${String(pid)}/task`, /^(\d+)$/, options)) {
      const status = thread === pid ? undefined : statusOf(thread, options);
      if (status !== undefined && status !== UNREADABLE && status.hasAddressSpace) return { thread, status: { ...status, name: own.name } };
    }
  }
  return { thread: pid, status: own };
}

/** The error of a process that has other memory, by execve(2), as often as it is read. */
export function restlessProcess(pid: number): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_BUSY', `Process ${String(pid)} turns into another program all the time`, { details: { pid } });
}

/** What `read` says of a process, which is asked again by another thread when the one that was asked ended meanwhile. */
export async function readLiving<T>(
  pid: number,
  options: RootOptions,
  read: (living: Living) => Promise<Reading<T>>,
): Promise<Reading<T>> {
  let living = livingOf(pid, options);
  for (;;) {
    if (living === undefined || living === UNREADABLE) return living;
    const answer = await read(living);
    const next = answer === undefined ? livingOf(pid, options) : undefined;
    if (next === undefined || (next !== UNREADABLE && next.thread === living.thread)) return answer;
    living = next;
  }
}
