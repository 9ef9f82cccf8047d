/** What the option parser has to know of a machine. */
import { limits } from '../host/limits.js';
import { nodeCpus, numaNodes } from '../host/numa.js';
import { parseDefaultPageSize, poolPageSizes } from '../host/pools/pools.js';
import { readText } from '../host/text.js';
import type { RootOptions } from '../host/text.js';
import { thp } from '../host/thp.js';
import { native } from '../native.js';

/** Of this machine or of one whose kernel text was recorded. */
export interface Facts {
  /** Bytes per page of each hugetlb pool, smallest first, and the size of the kernel's default pool. */
  hugetlb(): { readonly sizes: readonly number[]; readonly byDefault: number | undefined };
  /** Bytes per transparent huge page, undefined where the kernel has none. */
  thpPageSize(): number | undefined;
  nodes(): readonly number[];
  /** The CPUs of these nodes. */
  nodeCpus(nodes: readonly number[]): readonly number[];
  /** CPUs that the calling thread, or the recorded process, may run on. */
  allowedCpus(): readonly number[];
}

export function recordedFacts(options: RootOptions): Facts {
  return {
    hugetlb: () => ({ sizes: poolPageSizes(options), byDefault: parseDefaultPageSize(readText('/proc/meminfo', options) ?? '') }),
    thpPageSize: () => thp(options).pmdSize,
    nodes: () => numaNodes(options).map(({ node }) => node),
    nodeCpus: (nodes) => nodeCpus(nodes, options),
    allowedCpus: () => limits(options).allowedCpus,
  };
}

const live = recordedFacts({});
let hugetlb: ReturnType<Facts['hugetlb']> | undefined;
let transparent: { size: number | undefined } | undefined;

/** Page sizes are fixed when a machine boots, so they are read once. */
export const facts: Facts = {
  ...live,
  hugetlb: () => (hugetlb ??= live.hugetlb()),
  thpPageSize: () => (transparent ??= { size: live.thpPageSize() }).size,
  allowedCpus: () => native.allowedCpus(),
};
