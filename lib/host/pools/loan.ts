/** Pages that are added to a pool for a while. */
import { Journal, undoAll } from '../journal/journal.js';
import type { RootOptions } from '../text.js';
import { changePool } from './change-pool.js';
import { parsePoolGrowth } from './request.js';
import { runSync } from './steps.js';
import type { PoolGrowth } from './types.js';

/**
 * Grows a pool, and gives back what it added and no more: whatever others add or take away meanwhile stays as they made it. Pages that
 * are still in use when they are given back leave the pool as soon as they are freed, at the latest when the process ends. What a
 * killed program has not given back, `hugepages restore` does.
 */
export class PoolLoan {
  /** Pages that the kernel did not find. */
  readonly missing: number;
  /** Persistent pages that were added. */
  readonly added: number;
  readonly #journal: Journal;

  /**
   * @param purpose - of the journal, for people
   * @throws HugePagesError as `growPool`
   */
  constructor(purpose: string, growth: PoolGrowth, options: RootOptions = {}) {
    this.#journal = Journal.open(purpose, options);
    const { before, requested, granted } = runSync(changePool(parsePoolGrowth(growth), this.#journal, options));
    this.missing = requested - granted;
    this.added = granted - before;
  }

  /** Doing it twice is the same as once. */
  giveBack(): void {
    undoAll(this.#journal);
  }
}
