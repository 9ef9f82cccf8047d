/** What makes a request fit into a pool. */
import { formatSize } from '../../units.js';
import { writeRemedy } from '../remedy.js';
import type { Remedy } from '../remedy.js';
import { poolDirectory } from './pools.js';
import type { PoolSnapshot } from './pools.js';

/**
 * Says how to grow a pool so that a request fits, if the machine has the memory: the kernel would try to give more, and leave nothing to
 * anyone else.
 *
 * It counts what is written to `nr_hugepages` without surplus pages, but turns those into persistent ones first: writing more than
 * `total` adds exactly the difference.
 *
 * @param pool - the pool as it is now
 * @param needed - pages that the request needs
 * @param available - bytes that the pool could take: MemAvailable
 */
export function growRemedy(pool: PoolSnapshot, needed: number, available: number): Remedy {
  const missing = Math.max(0, needed - (pool.free - pool.reserved));
  const size = formatSize(pool.pageSize);
  if (missing * pool.pageSize > available) {
    const lack = `the pool of ${size} pages would have to grow by more than the ${formatSize(available)} of memory that is available`;
    return { sentence: `Ask for less, or free memory: ${lack}`, needsRoot: false };
  }
  const pages = pool.total + missing;
  const change = `Grow the pool of ${size} pages from ${String(pool.total)} to ${String(pages)}`;
  return writeRemedy(change, `${poolDirectory(pool.pageSize)}/nr_hugepages`, pages);
}
