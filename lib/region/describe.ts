/** What the addon says a region is. */
import { native } from '../native.js';
import { Figure } from '../native/regions.js';
import type { Figures } from '../native/regions.js';

/** What a region is, as long as it has the addresses that it has. */
export interface RegionFacts {
  /** Below 2^47: exact. */
  readonly address: number;
  readonly byteLength: number;
  readonly pageSize: number;
  /** One of `Kind`. */
  readonly kind: number;
  readonly shared: boolean;
  readonly writable: boolean;
  /** Bytes per page that is degraded at once; 0 for a region that dies by SIGBUS. */
  readonly survivalPageSize: number;
  /** One of `SourceKind`. */
  readonly source: number;
  /** Of the address, as it was asked for. */
  readonly alignment: number;
}

/** Written by the addon, and read at once. */
const figures = new Float64Array(Object.keys(Figure).length) as Figures;

export function describe(handle: number): RegionFacts {
  native.describe(handle, figures);
  return {
    address: figures[Figure.address],
    byteLength: figures[Figure.byteLength],
    pageSize: figures[Figure.pageSize],
    kind: figures[Figure.kind],
    shared: figures[Figure.shared] !== 0,
    writable: figures[Figure.writable] !== 0,
    survivalPageSize: figures[Figure.survivalPageSize],
    source: figures[Figure.source],
    alignment: figures[Figure.alignment],
  };
}
