/** Pages of a pool for as long as something is measured on them. */
import { pool } from 'hugepages';
import { PoolLoan } from '../../lib/cli/demo/pool-loan.js';
import { formatSize } from '../../lib/units.js';

/** Why something cannot be measured on this machine. */
export class Unavailable extends Error {}

/**
 * Lets `measure` run with at least so many pages that nobody else has, and gives back those that were added.
 *
 * @throws Unavailable when the pool lacks them and cannot be grown
 */
export async function withPages<T>(pageSize: number, pages: number, measure: () => Promise<T>): Promise<T> {
  const snapshot = pool(pageSize);
  if (snapshot === undefined) throw new Unavailable(`no pool of ${formatSize(pageSize)} pages`);
  const missing = Math.max(0, pages - (snapshot.free - snapshot.reserved));
  const loan = missing === 0 ? undefined : borrow(() => new PoolLoan(snapshot, missing));
  try {
    if (loan !== undefined && loan.missing > 0) {
      throw new Unavailable(`the kernel found ${String(loan.added)} of ${String(missing)} more pages of ${formatSize(pageSize)}`);
    }
    return await measure();
  } finally {
    loan?.giveBack();
  }
}

function borrow(make: () => PoolLoan): PoolLoan {
  try {
    return make();
  } catch (error) {
    throw new Unavailable((error as Error).message, { cause: error });
  }
}
