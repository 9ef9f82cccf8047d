/** The IPC namespaces, each of which has System V segments of its own. */
import { closeSync, openSync, readlinkSync } from 'node:fs';
import { parseSegments, segmentPageSize, segmentState } from '../../host/segments.js';
import type { Segment } from '../../host/segments.js';
import { readNumber } from '../../host/text.js';
import { native } from '../../native.js';
import { processFile } from '../procfs/reading.js';
import type { LedgerIpcNamespace } from './types.js';

const SEGMENTS = '/proc/sysvipc/shm';
const RMID_FORCED = '/proc/sys/kernel/shm_rmid_forced';

/** What there is to see in one. */
export interface IpcNamespace {
  readonly name: string;
  /** Undefined of this process's own. */
  readonly other: LedgerIpcNamespace | undefined;
  readonly segments: readonly Segment[];
  /** Whether a segment goes with its last attachment, whoever made it: ours, when we look. */
  readonly removesUnattached: boolean;
  /** Attaches it for a moment. Undefined where that may not be, or it is gone. */
  readonly pageSizeOf: (id: number) => number | undefined;
}

export function ownIpcNamespace(): IpcNamespace {
  return {
    name: readlinkSync('/proc/self/ns/ipc'),
    other: undefined,
    segments: segmentState().segments ?? [],
    removesUnattached: readNumber(RMID_FORCED, {}) === 1,
    pageSizeOf: segmentPageSize,
  };
}

/**
 * Looks at another one, from a thread that enters it.
 *
 * @param pid - a process in it
 * @returns false where this user may not enter it, or the process has ended
 */
export function withIpcNamespace({ name, pid }: LedgerIpcNamespace, use: (namespace: IpcNamespace) => void): boolean {
  let descriptor: number | undefined;
  try {
    const opened = (descriptor = openSync(processFile(pid, 'ns/ipc', {}), 'r'));
    // The process may be another by now.
    if (readlinkSync(`/proc/self/fd/${String(opened)}`) !== name) return false;
    use({
      name,
      other: { name, pid },
      segments: parseSegments(native.readInIpcNamespace(opened, SEGMENTS)),
      removesUnattached: Number(native.readInIpcNamespace(opened, RMID_FORCED)) === 1,
      pageSizeOf: (id) => pageSizeIn(opened, id),
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function pageSizeIn(descriptor: number, id: number): number | undefined {
  try {
    return native.segmentPageSizeIn(descriptor, id);
  } catch {
    return undefined;
  }
}
