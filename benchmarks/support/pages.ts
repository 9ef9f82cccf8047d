/** Pages of a pool for as long as something is measured on them. */
import { growPool, pools, setPool } from 'hugepages';
import type { PoolChangeResult } from 'hugepages';
import { MiB, formatSize } from '../../lib/units.js';
import { Unavailable } from './unavailable.js';

/** Of the default pool: 2 MiB on x86-64. */
export const DEFAULT_PAGE = pools().find(({ isDefault }) => isDefault)?.pageSize ?? 2 * MiB;

/**
 * Lets `measure` run with at least so many pages that nobody else has, and puts the pool back: the machine is this run's meanwhile.
 *
 * @throws Unavailable when the pool lacks them and cannot be grown
 */
export async function withPages<T>(pageSize: number, pages: number, measure: () => Promise<T>): Promise<T> {
  const { before, requested, granted } = await grow(pageSize, pages);
  try {
    if (granted < requested) {
      const found = `${String(granted - before)} of ${String(requested - before)}`;
      throw new Unavailable(`the kernel found ${found} more pages of ${formatSize(pageSize)}`);
    }
    return await measure();
  } finally {
    if (granted > before) await setPool({ pageSize, pages: before, allowSurplus: true });
  }
}

async function grow(pageSize: number, freePages: number): Promise<PoolChangeResult> {
  try {
    return await growPool({ pageSize, freePages });
  } catch (error) {
    throw new Unavailable((error as Error).message, { cause: error });
  }
}
