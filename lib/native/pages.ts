/** What page tables hold of a region and of any process, and what the kernel is told of a region's pages. */
import type { Answer } from './frames.js';

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

/** Runs of pages in the same state, one element of each array for each run. */
export interface PageRuns {
  /** Bytes from the start of the region, or from address 0. Exact, since these are multiples of the base page. */
  offsets: Float64Array;
  /** Bytes. */
  lengths: Float64Array;
  /** Bytes that one page-table entry maps. */
  pageSizes: Float64Array;
  /** {@link PageState} bits. */
  states: Uint8Array;
  /** Of the first base page; frames of a run are contiguous. 0 where it is not present, and without CAP_SYS_ADMIN. */
  frames: Float64Array;
  /** -1 where it is not known. */
  nodes: Int32Array;
}

/** How pages are found: by PAGEMAP_SCAN (Linux 6.7), or by reading what there is to read. */
export const PagemapEngine = { fastest: 0, scan: 1, read: 2 } as const;

export interface PageFunctions {
  probe(handle: number): Probe;
  residency(handle: number, offset: number, length: number): PageRuns;
  /**
   * What a process has mapped in a range of addresses, multiples of the base page: its start and its end. Without `frames`, runs are not
   * told apart by their frames.
   *
   * ENOENT: no such process; ESRCH: it has ended, or has no address space; EACCES: of somebody else.
   *
   * @param engine - one of {@link PagemapEngine}; ENOTTY where the kernel lacks it
   * @returns a job for {@link JobFunctions.cancel}, which ends it with ECANCELED
   */
  pagemap(pid: number, range: BigUint64Array, frames: boolean, engine: number, onDone: Answer<PageRuns>): number;
  /**
   * Has the kernel note what is written to a region, until the handle goes.
   *
   * EBUSY: it does already; EACCES: the region is read-only; EPERM: a seccomp filter forbids it; EINVAL, ENOSYS: the kernel cannot.
   */
  trackWrites(handle: number): void;
  /** An offset and a length for each part that was written or discarded since the last call; after that, each is noted anew. */
  takeWritten(handle: number): Float64Array;
  /** Also where nothing was tracked. */
  endTracking(handle: number): void;
  /** `protection`: a PROT_* value. */
  protect(handle: number, offset: number, length: number, protection: number): void;
  /** `advice`: a MADV_* value. */
  advise(handle: number, offset: number, length: number, advice: number): void;
  lock(handle: number, offset: number, length: number): void;
  unlock(handle: number, offset: number, length: number): void;
}
