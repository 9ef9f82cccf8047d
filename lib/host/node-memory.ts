/** Memory by NUMA node: what a pool can grow from there, and what of it is in transparent huge pages. */
import { parseMeminfo } from './memory.js';
import { numaNodes } from './numa.js';
import { readText } from './text.js';
import type { RootOptions } from './text.js';

/** One node. Sizes are bytes; 0 for what an older kernel does not count. Its pages of the pools are in `pools()[].perNode`. */
export interface NodeMemory {
  readonly node: number;
  /** What the kernel manages: MemTotal. Pages of pools are in it. */
  readonly total: number;
  /** What nobody uses, not even as cache: MemFree. */
  readonly free: number;
  /** Transparent huge pages of anonymous memory, mapped by a PMD: AnonHugePages. */
  readonly anonHugePages: number;
  /** Those of tmpfs, memfds and shared anonymous memory, mapped or not: ShmemHugePages (Linux 4.8). */
  readonly shmemHugePages: number;
  /** Those of other files, mapped or not: FileHugePages (Linux 5.4). */
  readonly fileHugePages: number;
}

/**
 * Memory of each node, ascending, from its `meminfo` in sysfs. A kernel without NUMA counts as one node.
 *
 * @returns no node that sysfs does not describe
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when sysfs or procfs cannot be read
 */
export function nodeMemory(options: RootOptions = {}): NodeMemory[] {
  const nodes = numaNodes(options);
  return nodes.flatMap(({ node }) => {
    const ofNode = readText(`/sys/devices/system/node/node${String(node)}/meminfo`, options);
    const text = ofNode ?? (nodes.length === 1 ? readText('/proc/meminfo', options) : undefined);
    return text === undefined ? [] : [parseNodeMemory(node, text)];
  });
}

/** The text of a node's `meminfo`, in which each line begins with the node, or of `/proc/meminfo`. */
export function parseNodeMemory(node: number, text: string): NodeMemory {
  const fields = parseMeminfo(text.replace(/^Node \d+ /gm, ''));
  const bytes = (field: string): number => fields.get(field) ?? 0;
  return {
    node,
    total: bytes('MemTotal'),
    free: bytes('MemFree'),
    anonHugePages: bytes('AnonHugePages'),
    shmemHugePages: bytes('ShmemHugePages'),
    fileHugePages: bytes('FileHugePages'),
  };
}
