/** Whether somebody else needs the memory that a cache keeps. */
import { cgroupLimits } from '../../host/cgroups.js';
import { pools } from '../../host/pools/pools.js';
import { memoryPressure } from '../../host/pressure.js';
import { native } from '../../native.js';
import type { Kept } from './shelf.js';

/** Percent of the time that tasks wait for memory: what most programs do not notice yet. */
const PRESSURE = 10;
/** Of a cgroup's limit of hugetlb pages. */
const NEARLY_FULL = 0.9;

/** Reads the machine. What cannot be read says nothing. @returns whether a kept region should go back */
export function demand(): (entry: Kept) => boolean {
  try {
    return readDemand();
  } catch {
    return () => false;
  }
}

function readDemand(): (entry: Kept) => boolean {
  const isShort = (memoryPressure() ?? 0) >= PRESSURE;
  const wanted = new Set(pools().filter((pool) => isWanted(pool, isShort)).map(({ pageSize }) => pageSize));
  for (const { pageSize, levels } of cgroupLimits().hugetlb) {
    if (levels.some(({ limit, usage }) => usage >= limit * NEARLY_FULL)) wanted.add(pageSize);
  }
  return ({ backing, pageSize }) => (backing === 'hugetlb' ? wanted.has(pageSize) : isShort);
}

/** Pages of a pool go back to the pool, which relieves the machine's memory only as far as they are surplus. */
function isWanted(pool: ReturnType<typeof pools>[number], isShort: boolean): boolean {
  const { pageSize, total, free, reserved, surplus } = pool;
  const isExhausted = free - reserved <= 0;
  const othersHaveSome = (total - free + reserved) * pageSize > native.stats().bytes;
  return (isExhausted && othersHaveSome) || (isShort && surplus > 0);
}
