/** What page tables hold of a region, and what the kernel is told of its pages. */

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

/** One run of pages of the same state; the fields are those of {@link PageFunctions.pagemap}. */
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

export interface PageFunctions {
  probe(handle: number): Probe;
  pagemap(handle: number, offset: number, length: number): PageRun[];
  /** `protection`: a PROT_* value. */
  protect(handle: number, offset: number, length: number, protection: number): void;
  /** `advice`: a MADV_* value. */
  advise(handle: number, offset: number, length: number, advice: number): void;
  lock(handle: number, offset: number, length: number): void;
  unlock(handle: number, offset: number, length: number): void;
}
