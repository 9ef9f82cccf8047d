/** Notices what others change while a pool is being changed. */
import type { RootOptions } from '../text.js';
import { existingPool, persistentPages, within } from './pool-state.js';
import type { PoolSnapshot } from './pools.js';
import type { Target } from './request.js';
import type { PoolInterference } from './types.js';

/** Compares what a pool has with what it had when this process looked last. */
export class PoolWatch {
  readonly interference: PoolInterference[] = [];
  readonly #options: RootOptions;
  #last: PoolSnapshot;

  constructor(before: PoolSnapshot, options: RootOptions) {
    this.#last = before;
    this.#options = options;
  }

  /** Right before a write: nothing may have changed since. */
  lookBefore(): PoolSnapshot {
    return this.#look((part) => persistentPages(this.#last, part));
  }

  /** Right after a write: what was written may be anywhere between what it was and the target. */
  lookAfter({ node, pages }: Target): PoolSnapshot {
    const now = existingPool(this.#last.pageSize, this.#options);
    const before = persistentPages(this.#last, node);
    const granted = before + within(persistentPages(now, node) - before, pages - before);
    if (node !== undefined) return this.#look((part) => (part === node ? granted : persistentPages(this.#last, part)), now);
    // The kernel chooses the nodes: only their sum can be judged.
    this.#judge(undefined, granted, now);
    this.#last = now;
    return now;
  }

  #look(expected: (node?: number) => number, now = existingPool(this.#last.pageSize, this.#options)): PoolSnapshot {
    if (now.perNode.length === 0) this.#judge(undefined, expected(), now);
    for (const { node } of now.perNode) this.#judge(node, expected(node), now);
    this.#last = now;
    return now;
  }

  #judge(node: number | undefined, expected: number, now: PoolSnapshot): void {
    const found = persistentPages(now, node);
    if (found !== expected) this.interference.push({ ...(node !== undefined && { node }), expected, found });
  }
}
