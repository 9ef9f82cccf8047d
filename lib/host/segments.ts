/** The System V shared memory segments of this IPC namespace: what shmget(2) goes by. */
import { native } from '../native.js';
import { readNumber, readText } from './text.js';
import type { RootOptions } from './text.js';

/** One segment; see `man 5 proc_sysvipc`. */
export interface Segment {
  readonly id: number;
  /** 0 of one that shmget(2) does not find: it was made as IPC_PRIVATE, or is marked for removal. */
  readonly key: number;
  /** Access rights: `0o600`. */
  readonly mode: number;
  /** Bytes, as its maker asked for them. */
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Of its maker. */
  readonly creatorUid: number;
  readonly creatorGid: number;
  /** Of its maker, which may have ended. 0 of another PID namespace. */
  readonly creatorPid: number;
  readonly attachments: number;
  /** `rss`: bytes of the pages that it has; of hugetlb pages many times that since Linux 6.7. */
  readonly presentBytes: number;
}

/** The segments, and how many there may be: `kernel.shmmni`. Both undefined on a kernel without them. */
export interface SegmentState {
  readonly segments: readonly Segment[] | undefined;
  readonly most: number | undefined;
}

export function segmentState(options: RootOptions = {}): SegmentState {
  const text = readText('/proc/sysvipc/shm', options);
  return { segments: text === undefined ? undefined : parseSegments(text), most: readNumber('/proc/sys/kernel/shmmni', options) };
}

/**
 * Bytes per page of a segment, which the kernel only shows of an attachment: it is attached read-only for a moment, and none of its pages
 * touched. Undefined where that may not be, or it is gone: shmat(2).
 */
export function segmentPageSize(id: number): number | undefined {
  try {
    return native.segmentPageSize(id);
  } catch {
    return undefined;
  }
}

/** The text of `/proc/sysvipc/shm`, by the names in its first line. */
export function parseSegments(text: string): Segment[] {
  const [names = [], ...lines] = text.split('\n').map((line) => line.trim().split(/\s+/));
  return lines
    .filter((fields) => fields.length === names.length)
    .map((fields) => {
      const field = (name: string): string => fields[names.indexOf(name)] ?? '0';
      return {
        id: Number(field('shmid')),
        key: Number(field('key')),
        mode: parseInt(field('perms'), 8) & 0o777,
        size: Number(field('size')),
        uid: Number(field('uid')),
        gid: Number(field('gid')),
        creatorUid: Number(field('cuid')),
        creatorGid: Number(field('cgid')),
        creatorPid: Number(field('cpid')),
        attachments: Number(field('nattch')),
        presentBytes: Number(field('rss')),
      };
    });
}
