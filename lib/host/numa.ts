/** NUMA nodes and their CPUs. */
import { outOfRange } from '../errors.js';
import { formatCpuList, parseCpuList } from './cpu-list.js';
import { listNumbered, readText } from './text.js';
import type { RootOptions } from './text.js';

const NODES = '/sys/devices/system/node';

/** One NUMA node. */
export interface NumaNode {
  readonly node: number;
  /** Its online CPUs, ascending; none for a node that has memory only. */
  readonly cpus: readonly number[];
}

/**
 * The nodes of the machine, ascending. A kernel without NUMA counts as one node with all CPUs.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when sysfs cannot be read
 */
export function numaNodes(options: RootOptions = {}): NumaNode[] {
  const cpus = (path: string): number[] => parseCpuList(readText(path, options) ?? '');
  const nodes = listNumbered(NODES, /^node(\d+)$/, options);
  if (nodes.length === 0) return [{ node: 0, cpus: cpus('/sys/devices/system/cpu/online') }];
  return nodes.map((node) => ({ node, cpus: cpus(`${NODES}/node${String(node)}/cpulist`) }));
}

/**
 * The CPUs of the given nodes, ascending, each once.
 *
 * @throws RangeError `ERR_OUT_OF_RANGE` for a node that the machine lacks
 */
export function nodeCpus(nodes: readonly number[], options: RootOptions = {}): number[] {
  const known = new Map(numaNodes(options).map(({ node, cpus }) => [node, cpus]));
  const cpus = nodes.flatMap((node) => {
    const found = known.get(node);
    if (found === undefined) throw outOfRange('nodes', `NUMA nodes of this machine: ${formatCpuList([...known.keys()])}`, node);
    return found;
  });
  return [...new Set(cpus)].sort((a, b) => a - b);
}
