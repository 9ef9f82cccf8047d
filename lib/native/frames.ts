/** Page maps of any process, and page frames of the machine. */

/** Bits of {@link PageEntries.states}. */
export const PageState = { present: 1, swapped: 2, softDirty: 4, file: 8, exclusive: 16 } as const;

/** What `/proc/PID/pagemap` says of pages, in the order of their addresses. */
export interface PageEntries {
  /** {@link PageState} bits of each page. */
  states: Uint8Array;
  /** The first frame of each page; 0 where it is not present, and without CAP_SYS_ADMIN. */
  frames: Float64Array;
}

/** What frameValues() reads, all for root: `/proc/kpageflags`, `/proc/kpagecount`, `/proc/kpagecgroup` (inode numbers). */
export const FrameFile = { flags: 0, count: 1, cgroup: 2 } as const;

/** What ends a question in the background: an error, or the answer. */
export type Answer<T> = (...outcome: [error: Error, answer: undefined] | [error: undefined, answer: T]) => void;

export interface FrameFunctions {
  /**
   * One entry for each page of `pageSize` bytes of a process, by its first base page: all that there is to know of a hugetlb page.
   *
   * ENOENT: no such process; ESRCH: it has ended, or has no address space; EACCES: of somebody else.
   *
   * @param ranges - a start and an end for each range, multiples of `pageSize`; of at most 2^26 pages together
   * @returns a job for {@link JobFunctions.cancel}, which ends it with ECANCELED
   */
  pageEntries(pid: number, pageSize: number, ranges: BigUint64Array, onDone: Answer<PageEntries>): number;
  pageEntriesSync(pid: number, pageSize: number, ranges: BigUint64Array): PageEntries;
  /**
   * What a file of page frames says of each frame. Of a frame that the machine does not have: KPF_NOPAGE (bit 20) and 0.
   *
   * @param file - one of {@link FrameFile}
   * @param frames - whole numbers; those that follow each other are read together
   * @returns a job for {@link JobFunctions.cancel}, which ends it with ECANCELED
   */
  frameValues(file: number, frames: Float64Array, onDone: Answer<BigUint64Array>): number;
  frameValuesSync(file: number, frames: Float64Array): BigUint64Array;
}
