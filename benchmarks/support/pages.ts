/** Pages of a pool for as long as something is measured on them. */
import { PoolLoan } from '../../lib/host/pools/loan.js';
import { formatSize } from '../../lib/units.js';

/** Why something cannot be measured on this machine. */
export class Unavailable extends Error {}

/**
 * Lets `measure` run with at least so many pages that nobody else has, and gives back those that were added.
 *
 * @throws Unavailable when the pool lacks them and cannot be grown
 */
export async function withPages<T>(pageSize: number, pages: number, measure: () => Promise<T>): Promise<T> {
  const loan = borrow(() => new PoolLoan('a benchmark', { pageSize, freePages: pages }));
  try {
    if (loan.missing > 0) {
      const wanted = String(loan.added + loan.missing);
      throw new Unavailable(`the kernel found ${String(loan.added)} of ${wanted} more pages of ${formatSize(pageSize)}`);
    }
    return await measure();
  } finally {
    loan.giveBack();
  }
}

function borrow(make: () => PoolLoan): PoolLoan {
  try {
    return make();
  } catch (error) {
    throw new Unavailable((error as Error).message, { cause: error });
  }
}
