/** Huge pages of a process or of one of its mappings: sums and kinds. */

/** Pages of one hugetlb pool that are mapped. */
export interface HugetlbUse {
  /** Bytes per page. */
  readonly pageSize: number;
  /** Bytes of pages that nobody else maps, also of a shared mapping: Private_Hugetlb. */
  readonly privateBytes: number;
  /** Bytes of pages that others map as well: Shared_Hugetlb. They count in each of those. */
  readonly sharedBytes: number;
  /** Both together by NUMA node, ascending, nodes without any left out. Undefined when they moved in the time it took to read. */
  readonly nodes: readonly NodeUse[] | undefined;
}

export interface NodeUse {
  readonly node: number;
  readonly bytes: number;
}

/** What is mapped by huge pages; all sizes are bytes. */
export interface HugePageUse {
  /** By page size, ascending. */
  readonly hugetlb: readonly HugetlbUse[];
  /** Anonymous memory on transparent huge pages of the size that a PMD maps, 2 MiB on x86: AnonHugePages. */
  readonly anonHugePages: number;
  /** The same of tmpfs, memfd and shared anonymous memory: ShmemPmdMapped. */
  readonly shmemPmdMapped: number;
  /** The same of files: FilePmdMapped. */
  readonly filePmdMapped: number;
}

export const NO_USE: HugePageUse = { hugetlb: [], anonHugePages: 0, shmemPmdMapped: 0, filePmdMapped: 0 };

/** The transparent huge pages among the figures of smaps, or of its rollup. */
export function thpUse(bytes: Readonly<Record<string, number>>): Omit<HugePageUse, 'hugetlb'> {
  const { AnonHugePages = 0, ShmemPmdMapped = 0, FilePmdMapped = 0 } = bytes;
  return { anonHugePages: AnonHugePages, shmemPmdMapped: ShmemPmdMapped, filePmdMapped: FilePmdMapped };
}

export function hugetlbBytes({ hugetlb }: HugePageUse): number {
  return hugetlb.reduce((sum, { privateBytes, sharedBytes }) => sum + privateBytes + sharedBytes, 0);
}

export function thpBytes({ anonHugePages, shmemPmdMapped, filePmdMapped }: Omit<HugePageUse, 'hugetlb'>): number {
  return anonHugePages + shmemPmdMapped + filePmdMapped;
}

/** Shared pages count once for each that maps them. */
export function sumOf(uses: readonly HugePageUse[]): HugePageUse {
  const total = (name: 'anonHugePages' | 'shmemPmdMapped' | 'filePmdMapped'): number => uses.reduce((sum, use) => sum + use[name], 0);
  const pools = uses.flatMap(({ hugetlb }) => hugetlb);
  const pageSizes = [...new Set(pools.map(({ pageSize }) => pageSize))].sort((a, b) => a - b);
  return {
    hugetlb: pageSizes.map((pageSize) => sumOfPool(pageSize, pools.filter((pool) => pool.pageSize === pageSize))),
    anonHugePages: total('anonHugePages'),
    shmemPmdMapped: total('shmemPmdMapped'),
    filePmdMapped: total('filePmdMapped'),
  };
}

function sumOfPool(pageSize: number, parts: readonly HugetlbUse[]): HugetlbUse {
  const total = (name: 'privateBytes' | 'sharedBytes'): number => parts.reduce((sum, part) => sum + part[name], 0);
  return { pageSize, privateBytes: total('privateBytes'), sharedBytes: total('sharedBytes'), nodes: sumOfNodes(parts) };
}

function sumOfNodes(parts: readonly HugetlbUse[]): NodeUse[] | undefined {
  const sums = new Map<number, number>();
  for (const { nodes } of parts) {
    if (nodes === undefined) return undefined;
    for (const { node, bytes } of nodes) sums.set(node, (sums.get(node) ?? 0) + bytes);
  }
  return [...sums].sort(([a], [b]) => a - b).map(([node, bytes]) => ({ node, bytes }));
}
