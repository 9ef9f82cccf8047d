/** Makes room in the pool, if it may. */
import { HugePagesError, errnoName } from '../../errors.js';
import { PoolLoan } from '../../host/pools/loan.js';
import type { PoolSnapshot } from '../../host/pools/pools.js';
import { formatSize } from '../../units.js';
import type { Stage } from './stage.js';

/** What became of the attempt to have enough pages in the pool. */
export interface Growth {
  readonly outcome: 'no pool' | 'enough' | 'grown' | 'refused' | 'short';
  /** Pages of the pool that the demo needs. */
  readonly neededPages: number;
  readonly addedPages: number;
  /** Which, and why, in a sentence. */
  readonly reason: string;
}

/** What {@link growPool} hands over. */
export interface GrownPool {
  readonly growth: Growth;
  readonly loan?: PoolLoan;
}

/**
 * Grows the default pool by what `size` lacks there.
 *
 * @param snapshot - the default pool; undefined where the kernel has none
 */
export function growPool(snapshot: PoolSnapshot | undefined, size: number, stage: Stage): GrownPool {
  stage.title('Room in the pool');
  const grown = grow(snapshot, size);
  stage.say(`  ${grown.growth.reason}`);
  return grown;
}

function grow(snapshot: PoolSnapshot | undefined, size: number): GrownPool {
  if (snapshot === undefined) return without('no pool', 0, 'This kernel has no hugetlb pool: transparent huge pages it is.');
  const neededPages = Math.ceil(size / snapshot.pageSize);
  const unreserved = snapshot.free - snapshot.reserved;
  const name = `The pool of ${formatSize(snapshot.pageSize)} pages`;
  if (unreserved >= neededPages) {
    const reason = `${name} has ${String(unreserved)} pages to give, and ${String(neededPages)} are needed: it stays as it is.`;
    return without('enough', neededPages, reason);
  }
  const missing = neededPages - unreserved;
  const lack = `${name} lacks ${String(missing)} of the ${String(neededPages)} pages needed`;
  const loan = borrow(snapshot, neededPages);
  if (loan instanceof HugePagesError) return without('refused', neededPages, `${lack}, and ${refusal(loan)}`);
  if (loan.missing > 0) {
    loan.giveBack();
    const found = String(missing - loan.missing);
    return without('short', neededPages, `${lack}, and the kernel found contiguous memory for ${found} only: the pool stays as it is.`);
  }
  const reason = `${lack}: grown by ${String(loan.added)}, to be given back at the end.`;
  return { growth: { outcome: 'grown', neededPages, addedPages: loan.added, reason }, loan };
}

function without(outcome: Growth['outcome'], neededPages: number, reason: string): GrownPool {
  return { growth: { outcome, neededPages, addedPages: 0, reason } };
}

// The command that would grow it follows below, where the allocation says why it could not use the pool.
function refusal({ code, errno, message }: HugePagesError): string {
  if (code !== 'ERR_HUGEPAGES_PERMISSION' || errno === undefined) return `cannot be grown. ${message}`;
  return `may not be grown from here (${errnoName(errno)}).`;
}

function borrow({ pageSize }: PoolSnapshot, freePages: number): PoolLoan | HugePagesError {
  try {
    return new PoolLoan('hugepages demo', { pageSize, freePages });
  } catch (error) {
    if (error instanceof HugePagesError) return error;
    throw error;
  }
}
