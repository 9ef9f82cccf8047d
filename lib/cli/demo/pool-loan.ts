/** Pages that are added to a pool for a while. */
import { pool } from '../../host/pools/pools.js';
import type { PoolSnapshot } from '../../host/pools/pools.js';
import { persistentPages } from '../../host/pools/pool-state.js';
import { setPool } from '../../host/pools/set-pool.js';

/**
 * Grows a pool, and gives back what it added and no more: whatever others add or take away meanwhile stays as they made it.
 * Pages that are still in use when they are given back leave the pool as soon as they are freed, at the latest when the process ends.
 */
export class PoolLoan {
  readonly pageSize: number;
  /** Pages that the kernel did not find. */
  readonly missing: number;
  #added: number;

  /**
   * @param snapshot - the pool as it is
   * @param pages - how many more it shall have; the kernel may find fewer, see `missing`
   * @throws HugePagesError as `setPool`
   */
  constructor(snapshot: PoolSnapshot, pages: number) {
    this.pageSize = snapshot.pageSize;
    const { before, requested, granted } = setPool({ pageSize: this.pageSize, pages: snapshot.total + pages });
    this.missing = requested - granted;
    this.#added = granted - before;
  }

  /** Persistent pages that are still to be given back. */
  get added(): number {
    return this.#added;
  }

  giveBack(): void {
    const now = this.#added === 0 ? undefined : pool(this.pageSize);
    if (now === undefined) return;
    setPool({ pageSize: this.pageSize, pages: Math.max(0, persistentPages(now) - this.#added) });
    this.#added = 0;
  }
}
