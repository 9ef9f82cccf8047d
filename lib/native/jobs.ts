/** Long work on a region, in the background. */

/** How a job ended. */
export interface JobOutcome {
  /** Bytes that are done; of a populate those that are present now, whoever populated them. */
  bytes: number;
  /** Bytes that this kind of job counts apart. */
  apartBytes: number;
  threads: number;
  /** Nanoseconds from the first chunk to the last. */
  nanoseconds: number;
  cancelled: boolean;
  /** Negative error number of the first failure, 0 for none. */
  errno: number;
  syscall: string;
  /** Negative error number of what could not be had and was done without, such as a collapse that the kernel refused; 0 for none. */
  noteErrno: number;
}

/** What each job in the background calls: the bytes done so far of all, at most 30 times a second and at the end; and its outcome. */
export type JobProgress = ((bytes: number, totalBytes: number) => void) | undefined;
export type JobDone = (outcome: JobOutcome) => void;

/**
 * Copies between a part of a region and a file: a path, or a descriptor, which is duplicated at once. `direct`: 0 for no direct I/O, 1
 * where it is possible, 2 where nothing else will do; its bytes are counted apart.
 */
type Transfer<Way extends unknown[]> = (
  handle: number,
  offset: number,
  length: number,
  file: string | number,
  position: number,
  direct: number,
  threads: number,
  ...rest: [...way: Way, onProgress: JobProgress, onDone: JobDone]
) => number;

export interface JobFunctions {
  /**
   * Populates on `threads` threads of its own, pinned to `cpus` where any are given; with `collapse` asks the kernel to make huge
   * pages of what it populated with base pages.
   * @returns a job for {@link JobFunctions.cancel}
   */
  populate(
    handle: number,
    offset: number,
    length: number,
    threads: number,
    cpus: Int32Array,
    collapse: boolean,
    onProgress: JobProgress,
    onDone: JobDone,
  ): number;
  populateSync(handle: number, offset: number, length: number, threads: number, cpus: Int32Array, collapse: boolean): JobOutcome;
  /** Stores zeros to any bytes. Holes, whose pages cannot be had, are among the bytes of the outcome and counted apart. */
  clear(handle: number, offset: number, length: number, threads: number, onProgress: JobProgress, onDone: JobDone): number;
  /** Fills a part of the region from a file; with `upTo` with as many bytes as the file has. */
  load: Transfer<[upTo: boolean]>;
  /** The other way round. `flags` of open(2): O_CREAT, O_EXCL, O_TRUNC, for a path. */
  store: Transfer<[flags: number]>;
  /** Asks a running job to stop at its next chunk. A job that is over or unknown is no error. */
  cancel(job: number): void;
}
