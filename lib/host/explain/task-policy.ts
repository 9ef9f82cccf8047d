/** The memory policy of a process, as set_mempolicy(2) or numactl(8) gave it. */
import { parseCpuList } from '../cpu-list.js';

/**
 * The nodes that the text of `/proc/PID/numa_maps` shows a process bound to. The kernel has no file for it, but a mapping without a
 * policy of its own shows the process's, and the stack is one.
 *
 * @returns undefined when it may take memory from any node that its cpuset allows
 */
export function taskNodes(numaMaps: string): number[] | undefined {
  const nodes = /^[0-9a-f]+ bind(?:=\S+?)?:(\S+) stack\b/m.exec(numaMaps)?.[1];
  return nodes === undefined ? undefined : parseCpuList(nodes);
}
