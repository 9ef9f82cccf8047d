/** Taking back pages that were added to a pool, or giving back those that were taken from it. */
import { counted } from '../../units.js';
import { PoolLock } from '../pools/pool-lock.js';
import { existingPool, persistentPages, within } from '../pools/pool-state.js';
import { pagesFile } from '../pools/pools.js';
import { writeSetting } from '../setting.js';
import type { RootOptions } from '../text.js';
import type { PoolPagesChange } from './change.js';
import type { Amend, Undo } from './undo.js';

/**
 * Takes back what was added and no more: whatever others add or take away meanwhile stays as they made it. Pages in use become
 * surplus, and leave the pool as soon as they are freed.
 */
export function undoPoolPages(change: PoolPagesChange, options: RootOptions, amend: Amend): Undo {
  const lock = new PoolLock(change.pageSize, options);
  try {
    lock.acquireSync();
    return undoAlone(change, options, amend);
  } finally {
    lock.release();
  }
}

function undoAlone(change: PoolPagesChange, options: RootOptions, amend: Amend): Undo {
  const { pageSize, node, before } = change;
  const now = (): number => persistentPages(existingPool(pageSize, options), node);
  const from = now();
  // A program that was killed before it could settle has added what is there now, at most what it asked for.
  const added = change.settled === true ? change.added : within(from - before, change.added);
  const remaining = added - (change.undoFrom === undefined ? 0 : within(change.undoFrom - from, added));
  if (remaining === 0) return { outcome: 'unchanged' };
  amend({ ...change, added, settled: true, undoFrom: change.undoFrom ?? from });
  const target = Math.max(0, from - remaining);
  writeSetting(pagesFile(pageSize, node), String(target), options);
  const missing = target - now();
  return missing > 0 ? { outcome: 'left', reason: `the kernel found no memory for ${counted(missing, 'page')}` } : { outcome: 'undone' };
}
