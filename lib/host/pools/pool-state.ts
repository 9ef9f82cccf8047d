/** A pool that has to be there, and what the kernel counts when its size is written. */
import { HugePagesError } from '../../errors.js';
import { formatSize, GiB } from '../../units.js';
import { readText } from '../text.js';
import type { RootOptions } from '../text.js';
import { pool, poolPageSizes } from './pools.js';
import type { PoolSnapshot } from './pools.js';

/** @throws HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` when the machine has no such pool */
export function existingPool(pageSize: number, options: RootOptions): PoolSnapshot {
  const found = pool(pageSize, options);
  if (found !== undefined) return found;
  const available = poolPageSizes(options);
  throw new HugePagesError('ERR_HUGEPAGES_PAGE_SIZE', `This machine has no pool of ${formatSize(pageSize)} pages`, {
    details: { pageSize, available },
    remedy: missingPoolRemedy(pageSize, available, options),
  });
}

function missingPoolRemedy(pageSize: number, available: readonly number[], options: RootOptions): string {
  if (available.length === 0) return 'Run a kernel built with CONFIG_HUGETLBFS, with /sys mounted';
  const others = `Use one of the page sizes that this machine has: ${available.map(formatSize).join(', ')}`;
  const flags = /^flags\s*:(.*)$/m.exec(readText('/proc/cpuinfo', options) ?? '')?.[1];
  // Only x86 lists it.
  if (pageSize !== GiB || flags === undefined || /\bpdpe1gb\b/.test(flags)) return others;
  return `This processor has none of that size (no pdpe1gb in /proc/cpuinfo). ${others}`;
}

/** Pages that stay in the pool when they are freed: what the kernel counts when `nr_hugepages` is written. */
export function persistentPages(snapshot: PoolSnapshot, node?: number): number {
  const { total = 0, surplus = 0 } = (node === undefined ? snapshot : snapshot.perNode.find((other) => other.node === node)) ?? {};
  return total - surplus;
}

/** The part of `pages` that is between 0 and `limit`, which may be negative. */
export function within(pages: number, limit: number): number {
  return limit < 0 ? Math.min(0, Math.max(limit, pages)) : Math.max(0, Math.min(limit, pages));
}
