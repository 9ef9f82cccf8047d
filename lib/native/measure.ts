/** What memory and pages cost, measured. */
import type { Answer } from './frames.js';

/** How memory is accessed: the numbers of the addon. */
export const Pattern = { chase: 0, gather: 1, scatter: 2, read: 3, write: 4, wander: 5 } as const;

/** One sample. */
export interface MeasuredSample {
  /** Of one access by block; of one page or fork by round. */
  nanoseconds: Float64Array;
  /** {@link MeasureFunctions.clockStep} beside it, on the same CPU. */
  clock: number;
  /** Why the thread could not be pinned; 0 where it was, or was not to be. */
  pinErrno: number;
  /** What the counters counted in all blocks together, and why one did not; 0 where it did. */
  counts: Float64Array;
  countErrnos: Int32Array;
}

/**
 * Measures private pages of a kind, {@link Kind}.
 *
 * @param length - bytes
 * @param cpu - to keep to, -1 for none
 * @returns a job for {@link JobFunctions.cancel}
 */
export type CostOfPages = (
  kind: number,
  pageSize: number,
  length: number,
  rounds: number,
  cpu: number,
  onDone: Answer<MeasuredSample>,
) => number;

export interface MeasureFunctions {
  /** Nanoseconds of a step that always takes as many cycles of the processor; in some 30 microseconds, on the calling thread. */
  clockStep(): number;
  /**
   * Accesses a part of a region, on a thread of its own: `warmUp` times, and then in `blocks` of `block` accesses each. Overwrites what is
   * there, but for `gather`, `wander` and `read`. An access of `read` and `write` is a line of 64 bytes, of all the part; of the others it
   * is one of `count` lines, one in each `stride` bytes.
   *
   * ECANCELED; EILSEQ for a chase whose cycle was written to meanwhile.
   *
   * @param offset - a multiple of 64, as `length` is
   * @param pattern - one of {@link Pattern}
   * @param lay - whether the cycle of a chase is laid first; otherwise it is there
   * @param seed - of the cycle, and of what is random
   * @param cpu - to keep to, -1 for none
   * @param events - a type and a config of perf_event_attr for each counter, at most 8
   * @returns a job for {@link JobFunctions.cancel}
   */
  measure(
    handle: number,
    offset: number,
    length: number,
    pattern: number,
    stride: number,
    count: number,
    lay: boolean,
    warmUp: number,
    block: number,
    blocks: number,
    seed: number,
    cpu: number,
    events: BigUint64Array,
    onDone: Answer<MeasuredSample>,
  ): number;
  /**
   * Nanoseconds of a page fault, by round: each maps memory in a child process and stores to every page.
   *
   * ECANCELED; EFAULT when a page could not be had, ENOMEM when the kernel killed the child for it or gave base pages in the place of a
   * transparent huge one; the errno of a call that failed.
   */
  readonly faultCost: CostOfPages;
  /** Nanoseconds of fork(2), by round, of a child process that has mapped and populated so much besides what this process has. */
  readonly forkCost: CostOfPages;
  /**
   * Nanoseconds until a child process has the memfd, file or segment of a region mapped, by round; and has read a byte of each base page,
   * if `read` says so. The region may be disposed meanwhile.
   */
  attachCost(handle: number, read: boolean, rounds: number, cpu: number, onDone: Answer<MeasuredSample>): number;
}
