/** Used pages of the ticks that were. */
import { keyOf } from './sample.js';
import type { Tick, WatchedPool } from './sample.js';

/** Wider than any terminal. */
const LIMIT = 1000;

/** The last ticks of each row. */
export class History {
  readonly #used = new Map<string, number[]>();

  add({ pools }: Tick): void {
    for (const row of pools) {
      const used = this.#used.get(keyOf(row)) ?? [];
      this.#used.set(keyOf(row), [...used, row.pages.used ?? 0].slice(-LIMIT));
    }
  }

  /** Oldest first. */
  of(row: WatchedPool): readonly number[] {
    return this.#used.get(keyOf(row)) ?? [];
  }
}
