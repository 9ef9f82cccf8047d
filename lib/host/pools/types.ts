/** What a pool is asked to become, and what became of it. */
import type { Size } from '../../units.js';
import type { PoolSnapshot } from './pools.js';

/** Where the kernel takes pages from, or gives them back to: `set_mempolicy(2)` around the write of `nr_hugepages_mempolicy`. */
export interface PoolPolicy {
  /** `bind` and `interleave` spread evenly over the nodes; `preferred` takes one node only. */
  readonly mode: 'bind' | 'interleave' | 'preferred';
  readonly nodes: readonly number[];
}

/** What to try when the kernel finds less contiguous memory than asked for. Each is off by default, tried in this order. */
export interface ShortageOptions {
  /** Writes `/proc/sys/vm/compact_memory`: moves pages together, which takes CPU time. Default false. */
  readonly compact?: boolean;
  /** Writes `3` to `/proc/sys/vm/drop_caches`: forgets cached files, which are read again later. Default false. */
  readonly dropCaches?: boolean;
  /** Asks again so many times, 0 to 20, after 100, 200, 400, ... ms, at most 5 s each. Default 0. */
  readonly retries?: number;
  /** Puts everything back as it was when the kernel grants less than was asked for. Default false. */
  readonly rollback?: boolean;
}

/** What {@link setPool} is asked. At least one of `pages`, `nodes` and `overcommit`. */
export interface PoolChange extends ShortageOptions {
  /** Size of the pool's pages. */
  readonly pageSize: Size;
  /** Persistent pages that the pool, or `node`'s part of it, shall have: 0 to 2^53 - 1. The kernel spreads them over the nodes. */
  readonly pages?: number;
  /** The node whose part `pages` is; what other nodes have stays. */
  readonly node?: number;
  /** Persistent pages of each of these nodes, `{ 0: 512, 1: 256 }`; what other nodes have stays. */
  readonly nodes?: Readonly<Record<number, number>>;
  /** How many surplus pages there may be: `nr_overcommit_hugepages`. The kernel allows none of gigantic pages. */
  readonly overcommit?: number;
  /** Restricts `pages` to nodes; not together with `node` and `nodes`. Needs a kernel with NUMA. */
  readonly policy?: PoolPolicy;
  /** Lets pages in use become surplus, which leave the pool when they are freed, instead of refusing. Default false. */
  readonly allowSurplus?: boolean;
  /** Says what would be written, and writes nothing; needs no root. Default false. */
  readonly dryRun?: boolean;
}

/** One write to a kernel file, in the order of the writes. */
export interface PoolWrite {
  readonly path: string;
  readonly value: string;
  /** The memory policy it is written under. */
  readonly policy?: PoolPolicy;
}

/** Persistent pages of one node. */
export interface NodeGrant {
  readonly node: number;
  readonly before: number;
  /** Undefined where the kernel chooses how many of the pages this node has. */
  readonly requested?: number;
  readonly granted: number;
}

/** Persistent pages that somebody else changed while the pool was being changed. */
export interface PoolInterference {
  /** Of the whole pool when left out. */
  readonly node?: number;
  readonly expected: number;
  readonly found: number;
}

/** What became of a {@link PoolChange}; in persistent pages, which are `total - surplus`. */
export interface PoolChangeResult {
  /** Bytes. */
  readonly pageSize: number;
  /** Of the pool; of the nodes that were named, where any were. */
  readonly before: number;
  readonly requested: number;
  /**
   * What there is now: fewer than requested when the kernel found no more contiguous memory. After a rollback or a dry run as `before`,
   * unless others changed it or the kernel had no memory left to put all back.
   */
  readonly granted: number;
  /** Every node of the machine; empty on kernels without NUMA. */
  readonly perNode: readonly NodeGrant[];
  /** `nr_overcommit_hugepages`, when it was to be changed. */
  readonly overcommit?: { readonly before: number; readonly requested: number; readonly granted: number };
  /** Pages that each of {@link ShortageOptions} gained; those that were not needed or not allowed are missing. */
  readonly gained: { readonly compact?: number; readonly dropCaches?: number; readonly retries?: number };
  /** Whether the kernel granted too little and everything was put back. What it had granted is in `grantedBeforeRollback`. */
  readonly rolledBack: boolean;
  readonly grantedBeforeRollback?: number;
  /** What others changed meanwhile; empty when nobody did. */
  readonly interference: readonly PoolInterference[];
  readonly dryRun: boolean;
  /** What was written, or would be. */
  readonly writes: readonly PoolWrite[];
  /** The pool as it is now. */
  readonly after: PoolSnapshot;
}

/** What {@link growPool} is asked. */
export interface PoolGrowth extends ShortageOptions {
  readonly pageSize: Size;
  /** Pages that a new mapping shall be able to have: `free - reserved`. 0 to 2^53 - 1. A pool that has them is left alone. */
  readonly freePages: number;
  /** The node that shall have these pages free; reservations are of the whole pool. */
  readonly node?: number;
  readonly policy?: PoolPolicy;
  readonly dryRun?: boolean;
}

/** What {@link demote} is asked. */
export interface Demotion {
  readonly pageSize: Size;
  /** Free pages to split, 1 to 2^53 - 1. */
  readonly pages: number;
  readonly node?: number;
  /** Pages that each is split into; by default what `demote_size` says. */
  readonly targetSize?: Size;
  readonly dryRun?: boolean;
}

/** What became of a {@link Demotion}. */
export interface DemotionResult {
  /** Bytes. */
  readonly pageSize: number;
  readonly targetSize: number;
  readonly requested: number;
  /** Pages that were split: fewer than requested when fewer were free and unreserved. */
  readonly demoted: number;
  /** Pages that the pool of `targetSize` gained. */
  readonly gained: number;
  readonly dryRun: boolean;
  readonly writes: readonly PoolWrite[];
}
