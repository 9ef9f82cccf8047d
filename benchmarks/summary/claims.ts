/** What the README says of speed and size: its table of figures has a line for each of these, and benchmarks show them. */

/** A line of the README's table. */
export interface Claim {
  /** What was done, in Markdown. */
  readonly what: string;
  /** What it was done beside, in Markdown; undefined for a figure of its own. */
  readonly peer?: string;
  /** What medians were seen: how many times as fast as the peer, or a figure. */
  readonly low: number;
  readonly high: number;
  /** Of a figure. */
  readonly unit?: string;
}

export type ClaimName = keyof typeof CLAIMS;

const BUFFER = 'filling a fresh `Buffer.alloc(1 GiB)`';
const ARRAY_BUFFER = 'an ordinary ArrayBuffer';
const PMAP = '`pmap -XX` of the same';

export const CLAIMS = {
  'populate by madvise': { what: 'populating 1 GiB of hugetlb pages', peer: '`madvise` from bare C++ threads', low: 0.98, high: 1.06 },
  'populate by Buffer': { what: 'the same', peer: BUFFER, low: 3.5, high: 14 },
  'memory by QEMU': { what: '`allocate()` of 1 GiB of huge pages', peer: 'QEMU, by `prealloc`', low: 0.95, high: 1.87 },
  'memory by DPDK': { what: 'the same of hugetlb pages, by one thread or two', peer: 'DPDK, which has one', low: 0.83, high: 1.89 },
  'memory by libhugetlbfs': { what: 'the same', peer: '`get_huge_pages()` and a touch of each', low: 0.98, high: 1.83 },
  'fill by Buffer': { what: 'allocating and filling 64 MiB to 1 GiB', peer: '`Buffer.alloc()`, SharedArrayBuffer', low: 2.1, high: 12 },
  'fill by mmap-io': { what: 'the same', peer: '`@riaskov/mmap-io`, told of hugetlb by number', low: 1.03, high: 1.33 },
  'fill by shm-typed-array': { what: 'the same', peer: 'shm-typed-array', low: 2.4, high: 16 },
  'fill by SHM_HUGETLB': { what: 'the same', peer: 'shm-typed-array, told of SHM_HUGETLB by number', low: 0.72, high: 1.43 },
  'fill by malloc': { what: 'the same on hugetlb pages', peer: 'malloc(3) with GLIBC_TUNABLES', low: 0.82, high: 1.53 },
  'back by malloc': { what: 'giving it back', peer: '`gc()` and the same', low: 3, high: 7.7 },
  zero: { what: '`region.zero()`', peer: 'populating as much anew', low: 2, high: 3.9 },
  acquire: { what: '256 MiB from a `RegionCache`', unit: 'ms', low: 0.1, high: 0.4 },
  'cache cycle': { what: 'the same, with the zeroing when it is released', peer: '`allocate()` and `dispose()`', low: 2.6, high: 7.1 },
  load: { what: '`region.load()` of 1 GiB from the page cache', peer: '`dd` or `cp` to tmpfs', low: 2.4, high: 15 },
  'load by readFile': { what: 'the same, CPU time', peer: '`fs.readFile()`', low: 3, high: 8.5 },
  'reads in caches': { what: 'dependent random reads, within the caches', peer: ARRAY_BUFFER, low: 0.97, high: 1.01 },
  'reads of 64 MiB': { what: 'the same of 64 MiB', peer: ARRAY_BUFFER, low: 1.06, high: 1.2 },
  'reads of 1 GiB': { what: 'the same of 1 GiB', peer: ARRAY_BUFFER, low: 1.18, high: 1.6 },
  'scan in caches': { what: 'scanning all of it, within the caches', peer: ARRAY_BUFFER, low: 0.99, high: 1.01 },
  'scan beyond caches': { what: 'the same beyond the caches', peer: ARRAY_BUFFER, low: 0.83, high: 1.09 },
  'loads by base pages': { what: 'dependent loads, one in each 4 KiB of 1 GiB, on 2 MiB pages', peer: 'base pages', low: 1.13, high: 1.72 },
  'allocate by mmap': { what: '`allocateSync()` of 2 MiB and `dispose()`', peer: '`mmap` and `munmap` in C++', low: 0.25, high: 0.74 },
  handover: { what: 'a region in another process, whatever its size', unit: 'ms', low: 0.06, high: 0.5 },
  'waitSync by futex': { what: 'two processes that answer by `waitSync()`', peer: 'two in C++ by futex(2)', low: 0.67, high: 0.9 },
  'wait by futex': { what: 'the same by `wait()`, which blocks no event loop', peer: 'the same', low: 0.4, high: 21 },
  import: { what: "`import 'hugepages'`", unit: 'ms', low: 11, high: 18 },
  snapshot: { what: 'a snapshot of all pools, nodes and mounts', unit: 'ms', low: 0.2, high: 0.4 },
  'ps by pmap': { what: '`hugepages ps` over 1,000 processes', peer: PMAP, low: 3.4, high: 5.1 },
  'ps of holders by pmap': { what: 'the same when each has hugetlb pages', peer: PMAP, low: 3.1, high: 4.1 },
  'memory of ps': { what: 'the memory of that', unit: 'MiB', low: 55, high: 60 },
  'ps of 100 by pmap': { what: '`hugepages ps` of 100 processes', peer: PMAP, low: 0.68, high: 0.95 },
  'ps of 100 by numastat': { what: 'the same', peer: '`numastat -p` of each', low: 1.9, high: 2.8 },
  'ps of 100 by smem': { what: 'the same', peer: 'smem, which does not know hugetlb pages', low: 0.87, high: 1.33 },
  'ps of 100 by page-types': { what: 'the same', peer: 'page-types of each', low: 2.1, high: 3 },
  'ps of one': { what: '`hugepages ps` of one process', peer: 'pmap, numastat, smem, page-types', low: 0.03, high: 1.08 },
  status: { what: '`hugepages status`', peer: '`node -e 0`', low: 0.71, high: 0.77 },
  tarball: { what: 'the packed package', unit: 'MB', low: 0.74, high: 0.75 },
} as const satisfies Record<string, Claim>;
