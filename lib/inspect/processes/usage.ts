/** Reads what a process has of huge pages by the cheapest files that tell it. */
import { MiB } from '../../units.js';
import { UNREADABLE } from '../procfs/reading.js';
import type { Reading } from '../procfs/reading.js';
import { smapsRollupOf } from '../procfs/smaps.js';
import type { Figures } from '../procfs/smaps.js';
import type { ProcessStatus } from '../procfs/status.js';
import type { Context } from './context.js';
import { hugeMappingsOf } from './mappings.js';
import type { MappingAccount } from './mappings.js';
import { NO_USE, sumOf, thpBytes, thpUse } from './use.js';
import type { HugePageUse } from './use.js';

/** In all, and by mapping where that was asked for. */
export interface Usage {
  readonly use: HugePageUse;
  readonly mappings: readonly MappingAccount[] | undefined;
}

/** Bytes that the kernel walks in well below a millisecond. */
const SMALL = 64 * MiB;

/** Undefined when the process has ended. */
export async function usageOf(pid: number, status: ProcessStatus, { root, nodes, withMappings }: Context): Promise<Reading<Usage>> {
  if (!status.hasAddressSpace) return { use: NO_USE, mappings: withMappings ? [] : undefined };
  const isSmall = status.resident < SMALL;
  // Pages of a pool are shown with their size in smaps alone.
  if (status.hugetlb === 0) {
    const rollup = await smapsRollupOf(pid, root, isSmall);
    if (rollup === UNREADABLE) return UNREADABLE;
    // Before Linux 4.14 there is none.
    if (rollup !== undefined && saysAll(rollup, withMappings)) {
      return { use: { ...NO_USE, ...thpUse(rollup.bytes) }, mappings: withMappings ? [] : undefined };
    }
  }
  const mappings = await hugeMappingsOf(pid, nodes, root, isSmall);
  if (mappings === undefined || mappings === UNREADABLE) return mappings;
  return { use: sumOf(mappings), mappings: withMappings ? mappings : undefined };
}

function saysAll({ bytes }: Figures, withMappings: boolean): boolean {
  const { Private_Hugetlb = 0, Shared_Hugetlb = 0 } = bytes;
  return Private_Hugetlb + Shared_Hugetlb === 0 && (!withMappings || thpBytes(thpUse(bytes)) === 0);
}
