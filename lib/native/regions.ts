/** Regions and their buffers, by handles. */

/** How {@link RegionFunctions.map} makes the mapping. Values are the addon's. */
export const Kind = { hugetlb: 0, thp: 1, base: 2 } as const;

/** What {@link RegionFunctions.map} maps. */
export const SourceKind = { anonymous: 0, memfd: 1, file: 2, sysv: 3 } as const;

/** Bits of the `flags` argument of {@link RegionFunctions.map}. */
export const MapFlag = { shared: 1, noReserve: 2, guard: 4, inheritOnFork: 8, persistent: 16, adopt: 32, degrade: 64 } as const;

/** How {@link RegionFunctions.relocate} ended: why it did not, if it did not. */
export const RelocateOutcome = { done: 0, inUse: 1, viewed: 2, degraded: 3 } as const;

/** What {@link RegionFunctions.describe} writes, by its place. */
export const Figure = {
  address: 0,
  byteLength: 1,
  pageSize: 2,
  /** One of {@link Kind}. */
  kind: 3,
  /** 0 or 1, as the next one. */
  shared: 4,
  writable: 5,
  /** Bytes per page that is degraded at once; 0 for a region that dies by SIGBUS. */
  survivalPageSize: 6,
  /** One of {@link SourceKind}. */
  source: 7,
  /** Of the address, as it was asked for. */
  alignment: 8,
} as const;

/** An array for it, of that length. */
export type Figures = Float64Array & Record<(typeof Figure)[keyof typeof Figure], number>;

export interface RegionFunctions {
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
   * {@link RegionFunctions.release} that keeps the pages for a new handle, where nobody can tell: no other holder, work or buffer that
   * could not be detached, no other process, and the memory as it was mapped. Undefined where somebody can; the region is released then.
   */
  renew(handle: number): number | undefined;
  /** The garbage collector's dispose: the pages stay until the last ArrayBuffer made through this handle is gone. */
  abandon(handle: number): void;
  describe(handle: number, figures: Figures): void;
  /** Of a file that keeps its name; empty for all others. */
  path(handle: number): string;
  /** Names the region to {@link RegionFunctions.attach}. Drawn when it is first asked for. */
  id(handle: number): string;
  /** An id that no region has. */
  newId(): string;
  /** Another hold on a region of this process. Undefined when no such region lives. */
  attach(id: string): number | undefined;
  arrayBuffer(handle: number, offset: number, length: number): ArrayBuffer;
  sharedArrayBuffer(handle: number, offset: number, length: number): SharedArrayBuffer;
  /**
   * Gives the region's memory other addresses: `length` in whole pages, `alignment` and `hint` as of {@link RegionFunctions.map}.
   * @returns one of {@link RelocateOutcome}; only after `done` is anything changed
   */
  relocate(handle: number, length: number, alignment: number, hint: bigint): number;
  /** Regions of the whole process. `views` counts ArrayBuffers whose finalizer has not run yet. */
  stats(): { regions: number; bytes: number; views: number };
}
