/** The hugetlb pools of the machine, read from sysfs. */
import { KiB, parseSize } from '../../units.js';
import type { Size } from '../../units.js';
import { listNumbered, readNumber, readSigned, readText } from '../text.js';
import type { RootOptions } from '../text.js';
import { readPoolSize } from './pool-size.js';

const POOLS = '/sys/kernel/mm/hugepages';
const NODES = '/sys/devices/system/node';

/** What one NUMA node holds of a pool, in pages. */
export interface NodePool {
  readonly node: number;
  readonly total: number;
  readonly free: number;
  readonly surplus: number;
}

/**
 * The counters of one pool, in pages. They are read one after another: while others allocate, they may be of different moments, except
 * `total` and `surplus`.
 */
export interface PoolSnapshot {
  /** Bytes. */
  readonly pageSize: number;
  /** All pages, persistent and surplus: `nr_hugepages`. */
  readonly total: number;
  /** Not yet touched by anyone, among them the reserved ones. A new mapping can have `free - reserved`. */
  readonly free: number;
  /**
   * Promised to mappings that have not touched them yet: `resv_hugepages`. Negative while a child of fork(2) has pages whose reservation
   * the kernel has given back already, for a parent that has unmapped them (Linux 6.9 and later).
   */
  readonly reserved: number;
  /** Beyond the persistent pages; they leave the pool when freed. */
  readonly surplus: number;
  /** How many surplus pages there may be: `nr_overcommit_hugepages`. */
  readonly overcommit: number;
  /** What `nr_hugepages_mempolicy` says; the file that counts under the memory policy of its writer. Undefined without NUMA. */
  readonly mempolicy?: number;
  /** Bytes of the pages that one of these is split into: `demote_size`. Undefined where it cannot be split, and before Linux 5.16. */
  readonly demoteSize?: number;
  /** Whether it is the pool of `Hugepagesize` in `/proc/meminfo`, which is the one that `vm.nr_hugepages` and its kin of sysctl set. */
  readonly isDefault: boolean;
  /** Empty on kernels without NUMA. */
  readonly perNode: readonly NodePool[];
}

/** `/sys/kernel/mm/hugepages/hugepages-2048kB` for 2 MiB. */
export function poolDirectory(pageSize: number): string {
  return `${POOLS}/${poolName(pageSize)}`;
}

/** The file that sets the persistent pages of a pool, or of a node's part of it. */
export function pagesFile(pageSize: number, node?: number): string {
  return `${node === undefined ? poolDirectory(pageSize) : nodePoolDirectory(pageSize, node)}/nr_hugepages`;
}

/** `/sys/devices/system/node/node0/hugepages/hugepages-2048kB` for node 0 and 2 MiB. */
export function nodePoolDirectory(pageSize: number, node: number): string {
  return `${NODES}/node${String(node)}/hugepages/${poolName(pageSize)}`;
}

/**
 * Every pool of the machine, smallest page first.
 *
 * @returns an empty list where the kernel has no hugetlb, or hides it (`/sys` not mounted)
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when sysfs cannot be read
 */
export function pools(options: RootOptions = {}): PoolSnapshot[] {
  return snapshots(poolPageSizes(options), options);
}

/**
 * The pool of one page size.
 *
 * @returns undefined where the machine has no such pool
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE` for what is not a size; otherwise as {@link pools}
 */
export function pool(pageSize: Size, options: RootOptions = {}): PoolSnapshot | undefined {
  const bytes = parseSize(pageSize, 'pageSize');
  const sizes = poolPageSizes(options).filter((size) => size === bytes);
  return snapshots(sizes, options)[0];
}

/** The page sizes that have a pool, in bytes, ascending. */
export function poolPageSizes(options: RootOptions = {}): number[] {
  return listNumbered(POOLS, /^hugepages-(\d+)kB$/, options).map((kib) => kib * KiB);
}

/** `Hugepagesize` of the text of `/proc/meminfo`, in bytes. Undefined on a kernel without hugetlb. */
export function parseDefaultPageSize(meminfo: string): number | undefined {
  const kib = /^Hugepagesize:\s+(\d+) kB$/m.exec(meminfo)?.[1];
  return kib === undefined ? undefined : Number(kib) * KiB;
}

function poolName(pageSize: number): string {
  return `hugepages-${String(pageSize / KiB)}kB`;
}

function snapshots(sizes: readonly number[], options: RootOptions): PoolSnapshot[] {
  const defaultSize = parseDefaultPageSize(readText('/proc/meminfo', options) ?? '');
  const nodes = listNumbered(NODES, /^node(\d+)$/, options);
  return sizes.map((pageSize) => snapshot(pageSize, pageSize === defaultSize, nodes, options));
}

function snapshot(pageSize: number, isDefault: boolean, nodes: readonly number[], options: RootOptions): PoolSnapshot {
  const directory = poolDirectory(pageSize);
  const counter = counters(directory, options);
  const mempolicy = readNumber(`${directory}/nr_hugepages_mempolicy`, options);
  const demoteSize = readText(`${directory}/demote_size`, options);
  return {
    pageSize,
    ...readPoolSize(directory, options),
    free: counter('free_hugepages'),
    reserved: counter('resv_hugepages'),
    overcommit: counter('nr_overcommit_hugepages'),
    ...(mempolicy !== undefined && { mempolicy }),
    ...(demoteSize !== undefined && { demoteSize: parseSize(demoteSize, 'demote_size') }),
    isDefault,
    perNode: nodes.map((node) => {
      const part = nodePoolDirectory(pageSize, node);
      return { node, ...readPoolSize(part, options), free: counters(part, options)('free_hugepages') };
    }),
  };
}

// A node without memory has no hugepages directory, and a pool without that counter has none of those pages: both are 0.
function counters(directory: string, options: RootOptions): (name: string) => number {
  return (name) => readSigned(`${directory}/${name}`, options) ?? 0;
}
