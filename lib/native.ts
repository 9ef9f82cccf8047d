/**
 * The native addon: what it exports, and how it is found. The only file that loads it.
 *
 * Every function here checks its own arguments and throws a `TypeError` or `RangeError` with a code; a failed system call throws
 * an `Error` with `errno` (negative) and `syscall`. Regions are named by handles: numbers that this environment (main thread or
 * worker) was given, never reused, never an address.
 */
import { loadAddon } from './load-addon.js';

/** How {@link Native.map} makes the mapping. Values are the addon's. */
export const Kind = { hugetlb: 0, thp: 1, base: 2 } as const;

/** What {@link Native.map} maps. */
export const SourceKind = { anonymous: 0, memfd: 1, file: 2, sysv: 3 } as const;

/** Bits of the `flags` argument of {@link Native.map}. */
export const MapFlag = { shared: 1, noReserve: 2, guard: 4, inheritOnFork: 8, persistent: 16, adopt: 32, degrade: 64 } as const;

/** How {@link Native.relocate} ended: why it did not, if it did not. */
export const RelocateOutcome = { done: 0, inUse: 1, viewed: 2, degraded: 3 } as const;

/** What page tables and the mapping say of a region, read from the kernel at that moment. Bytes. */
export interface Probe {
  /** The page size of the mapping itself: larger than the base page only for hugetlb. */
  mappingPageSize: number;
  presentBytes: number;
  /** Present in page-table entries larger than the base page. */
  hugeBytes: number;
  /** Whether a fault in this mapping could be served by a transparent huge page. */
  thpEligible: boolean;
}

/** What a region is. */
export interface RegionFacts {
  id: string;
  address: bigint;
  byteLength: number;
  pageSize: number;
  /** One of {@link Kind}. */
  kind: number;
  shared: boolean;
  writable: boolean;
  /** Bytes per page that is degraded at once; 0 for a region that dies by SIGBUS. */
  survivalPageSize: number;
  /** One of {@link SourceKind}. */
  source: number;
  /** Of a file that keeps its name; empty for all others. */
  path: string;
  /** Of the address, as it was asked for. */
  alignment: number;
}

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

/** What a region says of the object that it maps. */
export interface ObjectClaim {
  /** One of {@link Kind}. */
  kind: number;
  /** One of {@link SourceKind}. */
  source: number;
  /** F_SEAL_* bits. */
  seals: number;
  /** -1 for all but segments. */
  segment: number;
  identity: string;
  /** -1 for segments. */
  descriptor: number;
}

/** How a handover ended. Error numbers are negative, 0 for none. */
export interface HandoverOutcome {
  errno: number;
  syscall: string;
  /** It is the receiver that failed. */
  refused: boolean;
  /** When time ran out: why the last attempt had failed. */
  reasonErrno: number;
  reasonSyscall: string;
  turnedAway: number;
  /** Of the receiver, unless it failed. */
  handle?: number;
}

/** How a wait ended, by the addon's numbers. */
export const WAIT_OUTCOMES = ['ok', 'not-equal', 'timed-out', 'cancelled'] as const;

/** One run of pages of the same state; the fields are those of {@link Native.pagemap}. */
export interface PageRun {
  offset: number;
  length: number;
  pageSize: number;
  present: boolean;
  swapped: boolean;
  softDirty: boolean;
  file: boolean;
  exclusive: boolean;
  /** Only where the kernel shows frame numbers (CAP_SYS_ADMIN) and the run is present. */
  pfn?: bigint;
}

/** Bits of {@link PageEntries.states}. */
export const PageState = { present: 1, swapped: 2, softDirty: 4, file: 8, exclusive: 16 } as const;

/** What `/proc/PID/pagemap` says of pages, in the order of their addresses. */
export interface PageEntries {
  /** {@link PageState} bits of each page. */
  states: Uint8Array;
  /** The first frame of each page; 0 where it is not present, and without CAP_SYS_ADMIN. */
  frames: Float64Array;
}

/** What {@link Native.frameValues} reads, all for root: `/proc/kpageflags`, `/proc/kpagecount`, `/proc/kpagecgroup` (inode numbers). */
export const FrameFile = { flags: 0, count: 1, cgroup: 2 } as const;

/** What ends a question in the background: an error, or the answer. */
export type Answer<T> = (...outcome: [error: Error, answer: undefined] | [error: undefined, answer: T]) => void;

/** What {@link Native.discard} says of the reservation of a part. */
export const Reservation = { none: 0, kept: 1, lost: 2 } as const;

/** What a discard did. */
export interface DiscardFacts {
  freedBytes: number;
  /** One of {@link Reservation}. */
  reservation: number;
  /** Why the reservation could not be taken back: a failed system call. */
  error?: Error;
}

export interface Native {
  /**
   * Maps a region. `hint` is an address that mmap(2) may use, 0n for none; `nodeMode` is a MPOL_* value or -1 for none. `path` of a
   * file, or of the directory to make one without a name in; `name` of a memfd; `key` of a segment, 0 for none; `seals`
   * of a memfd, F_SEAL_* bits.
   * @returns the handle
   */
  map(
    kind: number,
    length: number,
    pageSize: number,
    flags: number,
    alignment: number,
    hint: bigint,
    nodeMode: number,
    nodes: Int32Array,
    source: number,
    path: string,
    name: string,
    key: number,
    seals: number,
  ): number;
  /** What is persistent and new stays from now on. Without this call it goes with the region. */
  keep(handle: number): void;
  /** Explicit dispose: detaches this environment's ArrayBuffers of the region and gives up the hold on its pages. */
  release(handle: number): void;
  /**
   * {@link Native.release} that keeps the pages for a new handle, where nobody can tell: no other holder, work or buffer that could not be
   * detached, no other process, and the memory as it was mapped. Undefined where somebody can; the region is released then.
   */
  renew(handle: number): number | undefined;
  /** The garbage collector's dispose: the pages stay until the last ArrayBuffer made through this handle is gone. */
  abandon(handle: number): void;
  describe(handle: number): RegionFacts;
  /** Another hold on a region of this process. Undefined when no such region lives. */
  attach(id: string): number | undefined;
  arrayBuffer(handle: number, offset: number, length: number): ArrayBuffer;
  sharedArrayBuffer(handle: number, offset: number, length: number): SharedArrayBuffer;
  /**
   * Populates on `threads` threads of its own, pinned to `cpus` where any are given; with `collapse` asks the kernel to make huge
   * pages of what it populated with base pages.
   * @returns a job for {@link Native.cancel}
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
  /**
   * Fills a part of the region from a file: a path, or a descriptor, which is duplicated at once. `direct`: 0 for no direct I/O, 1 where it
   * is possible, 2 where nothing else will do; its bytes are counted apart. With `upTo` as many bytes as the file has.
   */
  load(
    handle: number,
    offset: number,
    length: number,
    file: string | number,
    position: number,
    direct: number,
    threads: number,
    upTo: boolean,
    onProgress: JobProgress,
    onDone: JobDone,
  ): number;
  /** The other way round. `flags` of open(2): O_CREAT, O_EXCL, O_TRUNC, for a path. */
  store(
    handle: number,
    offset: number,
    length: number,
    file: string | number,
    position: number,
    direct: number,
    threads: number,
    flags: number,
    onProgress: JobProgress,
    onDone: JobDone,
  ): number;
  /** Asks a running job to stop at its next chunk. A job that is over or unknown is no error. */
  cancel(job: number): void;
  /**
   * Waits on the 32-bit word at `offset`, a multiple of 4. `timeout` is in nanoseconds, -1 for none.
   * @returns a job for {@link Native.cancel}, and `onDone` gets an error or the number of an outcome; or, if that is known at once, its
   *   number with all bits inverted: a negative one
   */
  wait(
    handle: number,
    offset: number,
    expected: number,
    timeout: number,
    onDone: (error: Error | undefined, outcome: number) => void,
  ): number;
  /** The same on the calling thread, which it blocks. Returns the number of an outcome; `cancelled` where no JavaScript runs any more. */
  waitSync(handle: number, offset: number, expected: number, timeout: number): number;
  /** @returns how many waiters were woken, of all processes */
  notify(handle: number, offset: number, count: number): number;
  /** Pages of `survivalPageSize` that are base pages now. */
  degraded(handle: number): number;
  /** The offsets of what was degraded since the last call, oldest first, and how many older ones the log has forgotten. */
  takeDegraded(handle: number): { offsets: number[]; missed: number };
  /** Has `callback` called on the event loop, which it does not keep alive, after any region of the process was degraded. */
  onDegraded(callback: () => void): void;
  /** ENODEV where no object is mapped MAP_SHARED. */
  claim(handle: number): ObjectClaim;
  /** Finds an object by `path`, else by `segment`, else by `pid` and `descriptor`; checks that it is what is claimed, and maps it. */
  attachObject(
    kind: number,
    source: number,
    length: number,
    pageSize: number,
    seals: number,
    segment: number,
    identity: string,
    path: string,
    pid: number,
    descriptor: number,
    writable: boolean,
  ): number;
  /**
   * Hands over the object of a region. `timeout` is in nanoseconds, -1 for none.
   * @returns a job for {@link Native.cancel}
   */
  sendObject(handle: number, address: string, anyUser: boolean, timeout: number, onDone: (outcome: HandoverOutcome) => void): number;
  receiveObject(address: string, anyUser: boolean, timeout: number, writable: boolean, onDone: (outcome: HandoverOutcome) => void): number;
  /**
   * Gives pages back; offset and length in pages of hugetlb, base pages of other memory. With `keepReservation` takes their reservation
   * back at once; EOPNOTSUPP, and nothing is given back, where that cannot be.
   */
  discard(handle: number, offset: number, length: number, keepReservation: boolean): DiscardFacts;
  /** Takes the reservation of holes back. EOPNOTSUPP: there are some, and this memory has no way to. */
  reserve(handle: number, offset: number, length: number): void;
  holes(handle: number, offset: number, length: number): { offset: number; length: number }[];
  /**
   * Gives the region's memory other addresses: `length` in whole pages, `alignment` and `hint` as of {@link Native.map}.
   * @returns one of {@link RelocateOutcome}; only after `done` is anything changed
   */
  relocate(handle: number, length: number, alignment: number, hint: bigint): number;
  /** F_SEAL_* bits. */
  seals(handle: number): number;
  seal(handle: number, seals: number): void;
  probe(handle: number): Probe;
  pagemap(handle: number, offset: number, length: number): PageRun[];
  /**
   * One entry for each page of `pageSize` bytes of a process, by its first base page: all that there is to know of a hugetlb page.
   *
   * ENOENT: no such process; ESRCH: it has ended, or has no address space; EACCES: of somebody else.
   *
   * @param ranges - a start and an end for each range, multiples of `pageSize`; of at most 2^26 pages together
   * @returns a job for {@link Native.cancel}, which ends it with ECANCELED
   */
  pageEntries(pid: number, pageSize: number, ranges: BigUint64Array, onDone: Answer<PageEntries>): number;
  pageEntriesSync(pid: number, pageSize: number, ranges: BigUint64Array): PageEntries;
  /**
   * What a file of page frames says of each frame. Of a frame that the machine does not have: KPF_NOPAGE (bit 20) and 0.
   *
   * @param file - one of {@link FrameFile}
   * @param frames - whole numbers; those that follow each other are read together
   * @returns a job for {@link Native.cancel}, which ends it with ECANCELED
   */
  frameValues(file: number, frames: Float64Array, onDone: Answer<BigUint64Array>): number;
  frameValuesSync(file: number, frames: Float64Array): BigUint64Array;
  /** `protection`: a PROT_* value. */
  protect(handle: number, offset: number, length: number, protection: number): void;
  /** `advice`: a MADV_* value. */
  advise(handle: number, offset: number, length: number, advice: number): void;
  lock(handle: number, offset: number, length: number): void;
  unlock(handle: number, offset: number, length: number): void;
  /** Mounts hugetlbfs with the file system's own options, such as `pagesize=2M,size=1073741824`, and nosuid, nodev: mount(2). */
  mount(target: string, options: string): void;
  /** Unmounts what is uppermost on a directory that is no symbolic link: umount2(2). */
  unmount(target: string): void;
  /** An exclusive flock(2) on a file descriptor, without waiting. False when someone else has it. */
  tryLock(descriptor: number): boolean;
  /** A write lease on a file, fcntl(2), until the descriptor is closed. False when any process has it open or mapped otherwise. */
  tryLease(descriptor: number): boolean;
  /**
   * Writes a kernel file that goes by the memory policy of the writing thread, which has it for this write only, on a thread of
   * libuv's pool. `mode`: a MPOL_* value.
   */
  writeUnderPolicy(path: string, text: string, mode: number, nodes: Int32Array): Promise<void>;
  writeUnderPolicySync(path: string, text: string, mode: number, nodes: Int32Array): void;
  /** Regions of the whole process. `views` counts ArrayBuffers whose finalizer has not run yet. */
  stats(): { regions: number; bytes: number; views: number };
  /** Random, made once per process: tokens of another process do not carry it. */
  processId(): string;
  features(): { populateWrite: boolean; pagemapScan: boolean; procmapQuery: boolean; sharedArrayBuffer: boolean };
  /** CPUs this thread may run on: sched_getaffinity(2). */
  allowedCpus(): number[];
  /** Bytes of a base page: sysconf(_SC_PAGESIZE). */
  basePageSize(): number;
  /** Bytes per page of a System V segment: attaches it read-only for a moment. */
  segmentPageSize(id: number): number;
}

export const native: Native = loadAddon();
