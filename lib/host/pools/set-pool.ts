/** Changing a hugetlb pool for good. */
import { checkOptions, checkSignal } from '../../arguments.js';
import type { Change } from '../journal/change.js';
import { Journal } from '../journal/journal.js';
import { forgetLeft } from '../journal/restore.js';
import type { RootOptions } from '../text.js';
import { changePool } from './change-pool.js';
import { overcommitWrite } from './pool-run.js';
import { parsePoolChange, parsePoolGrowth } from './request.js';
import type { PoolRequest } from './request.js';
import { run, runSync } from './steps.js';
import type { Steps } from './steps.js';
import type { PoolChange, PoolChangeResult, PoolGrowth } from './types.js';

/** Options of {@link setPool} and {@link growPool}. */
export interface PoolChangeOptions extends RootOptions {
  /** Stops before the next write, and puts everything back. A write that is under way is not cut short. */
  readonly signal?: AbortSignal;
}

/**
 * Sets the number of persistent pages of a pool, of nodes' parts of it, or how many surplus pages there may be, and reads back what
 * the kernel made of it: growth stops early, without an error, when memory runs short or a signal arrives. Pages in use are never
 * taken away; to shrink below them is refused, or with `allowSurplus` makes them surplus.
 *
 * Writes `nr_hugepages` of the pool or of its nodes, `nr_hugepages_mempolicy`, `nr_overcommit_hugepages`, and with `compact` and
 * `dropCaches` those files of `/proc/sys/vm`. Each write is noted in `/run/hugepages` first: after kill -9 the same call reaches the
 * wanted state, and {@link restore} the one before.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments and for nodes
 *   that the machine lacks
 * @throws HugePagesError with nothing changed: `ERR_HUGEPAGES_PAGE_SIZE` when the machine has no such pool, `ERR_HUGEPAGES_BUSY` when
 *   pages to be taken are in use, `ERR_HUGEPAGES_NO_MEMORY` for more than the machine's memory, `ERR_HUGEPAGES_PERMISSION` without
 *   root or with a read-only `/sys`, `ERR_HUGEPAGES_UNSUPPORTED` for overcommit of gigantic pages, `ERR_HUGEPAGES_SYSTEM` otherwise
 * @throws AbortError `ABORT_ERR` when the signal is aborted, with everything as it was
 */
export async function setPool(change: PoolChange, options: PoolChangeOptions = {}): Promise<PoolChangeResult> {
  const { rootOptions, signal } = parseOptions(options);
  return run(changeForGood(parsePoolChange(change), 'setPool', rootOptions), signal);
}

/** {@link setPool} on the event loop, which stands still meanwhile: growing a pool takes long. For exit handlers and scripts. */
export function setPoolSync(change: PoolChange, options: RootOptions = {}): PoolChangeResult {
  return runSync(changeForGood(parsePoolChange(change), 'setPoolSync', options));
}

/**
 * Grows a pool by what it lacks of so many pages that a new mapping can have. It never shrinks, and a pool that has them is left alone.
 *
 * @throws as {@link setPool}
 */
export async function growPool(growth: PoolGrowth, options: PoolChangeOptions = {}): Promise<PoolChangeResult> {
  const { rootOptions, signal } = parseOptions(options);
  return run(changeForGood(parsePoolGrowth(growth), 'growPool', rootOptions), signal);
}

function parseOptions(options: PoolChangeOptions): { rootOptions: RootOptions; signal: AbortSignal | undefined } {
  const { root, signal } = checkOptions(options, 'options', ['root', 'signal']);
  return { rootOptions: { root: root as never }, signal: checkSignal(signal, 'options.signal') };
}

function* changeForGood(request: PoolRequest, purpose: string, options: RootOptions): Steps<PoolChangeResult> {
  const journal = Journal.open(purpose, options);
  const result = yield* changePool(request, journal, options);
  journal.keep();
  // What killed programs have left of it is part of what was asked for now.
  if (!result.dryRun && !result.rolledBack) forgetLeft((change) => isWanted(change, request), options);
  return result;
}

/** Whether a change is of what a request has now set for good. */
function isWanted(change: Change, { pageSize, parts, overcommit }: Pick<PoolRequest, 'pageSize' | 'parts' | 'overcommit'>): boolean {
  if (change.kind === 'setting') return overcommit !== undefined && change.path === overcommitWrite(pageSize, overcommit).path;
  if (change.pageSize !== pageSize) return false;
  return change.node === undefined ? parts.length > 0 : parts.includes(undefined) || parts.includes(change.node);
}

/** What killed programs have noted of the size and the overcommit of a pool. */
export function forgetLeftOfPool(pageSize: number, options: RootOptions): void {
  forgetLeft((change) => isWanted(change, { pageSize, parts: [undefined], overcommit: 0 }), options);
}
