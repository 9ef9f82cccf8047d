/** Reads what a process has of huge pages by the cheapest files that tell it. */
import { MiB } from '../../units.js';
import { UNREADABLE } from '../procfs/reading.js';
import type { Reading } from '../procfs/reading.js';
import { smapsRollupOf } from '../procfs/smaps.js';
import type { ProcessStatus } from '../procfs/status.js';
import type { Context } from './context.js';
import { hugeMappingsOf } from './mappings.js';
import type { MappingAccount } from './mappings.js';
import { hugetlbBytes, NO_USE, sumOf, thpBytes, thpUse } from './use.js';
import type { HugePageUse } from './use.js';

/** In all, and by mapping where that was asked for. */
export interface Usage {
  readonly use: HugePageUse;
  readonly mappings: readonly MappingAccount[] | undefined;
}

/** Bytes that the kernel walks in well below a millisecond. */
const SMALL = 64 * MiB;

/** Undefined when the process has ended. */
export async function usageOf(pid: number, status: ProcessStatus, context: Context): Promise<Reading<Usage>> {
  const { root, nodes, withMappings } = context;
  if (!status.hasAddressSpace) return { use: NO_USE, mappings: withMappings ? [] : undefined };
  const isSmall = status.resident < SMALL;
  const use = withMappings && status.hugetlb > 0 ? undefined : await useInAll(pid, context, isSmall);
  if (use === UNREADABLE) return UNREADABLE;
  const hasPages = use === undefined || hugetlbBytes(use) + thpBytes(use) > 0;
  if (use !== undefined && !(withMappings && hasPages)) return { use, mappings: withMappings ? [] : undefined };
  const mappings = await hugeMappingsOf(pid, nodes, root, isSmall);
  if (mappings === undefined || mappings === UNREADABLE) return mappings;
  return { use: sumOf(mappings), mappings: withMappings ? mappings : undefined };
}

/** By the rollup, which tells neither page sizes nor nodes. Undefined where there are several, and before Linux 4.14, which lacks it. */
async function useInAll(pid: number, { root, nodes, onlyPool }: Context, isSmall: boolean): Promise<Reading<HugePageUse>> {
  const rollup = await smapsRollupOf(pid, root, isSmall);
  if (rollup === undefined || rollup === UNREADABLE) return rollup;
  const { Private_Hugetlb: privateBytes, Shared_Hugetlb: sharedBytes } = rollup;
  const thp = thpUse(rollup);
  const bytes = privateBytes + sharedBytes;
  if (bytes === 0) return { hugetlb: [], ...thp };
  const [node, second] = nodes;
  if (node === undefined || second !== undefined) return undefined;
  const pageSize = await onlyPool();
  if (pageSize === undefined) return undefined;
  return { hugetlb: [{ pageSize, privateBytes, sharedBytes, nodes: [{ node, bytes }] }], ...thp };
}
