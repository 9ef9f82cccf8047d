/** Whose the pages of the pools are, down to the last one. */
import { checkInteger, checkOptions } from '../../arguments.js';
import { existingPool } from '../../host/pools/pool-state.js';
import { pools } from '../../host/pools/pools.js';
import type { PoolSnapshot } from '../../host/pools/pools.js';
import { parseSize } from '../../units.js';
import { takeAccounts } from './accounts.js';
import { gapsOf } from './gaps.js';
import type { Ledger, LedgerOptions, LedgerPool } from './types.js';

const MAX_ATTEMPTS = 100;

/**
 * Attributes every used and every reserved page of the pools.
 *
 * For root it is exact, by page frame numbers: the pages of private mappings by process, those of shared objects by object, with every
 * process that maps it or has it open, also where nobody does. A page in both is counted once. What the kernel has reserved is not said by
 * it anywhere but in one counter of the pool; it follows from the kernel's rules and that counter, and where several answers are possible a
 * row says so. What nothing accounts for is a row of its own as well, so that rows always add up to the counters. Others see less: what
 * they do not is named in `gaps`.
 *
 * It reads `/proc` of every process, stats what they have open, and looks at the files of every hugetlbfs mount of every mount namespace.
 * A segment that nobody has attached is attached read-only for a moment, to learn of its page size, which changes the
 * process and the times that ipcs(1) shows of it. It changes no counter of any pool.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong options
 * @throws HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` when the machine has no pool of `pageSize`, `ERR_HUGEPAGES_PERMISSION`,
 *   `ERR_HUGEPAGES_SYSTEM` when procfs or sysfs cannot be read
 */
export async function ledger(options: LedgerOptions = {}): Promise<Ledger> {
  const given = checkOptions(options, 'options', ['pageSize', 'attempts']);
  const most = given.attempts === undefined ? 5 : checkInteger(given.attempts, 'options.attempts', 1, MAX_ATTEMPTS);
  const wanted = given.pageSize === undefined ? undefined : existingPool(parseSize(given.pageSize, 'options.pageSize'), {}).pageSize;
  const counters = (): PoolSnapshot[] => pools().filter(({ pageSize }) => wanted === undefined || pageSize === wanted);
  let before = '';
  for (let attempts = 1; ; attempts++) {
    const { pools: found, sight, isSteady } = await takeAccounts(counters);
    const residue = JSON.stringify(found.map((pool) => pool.residue));
    // A residue that is the same twice is no matter of the moment.
    const consistent = isSteady && (most === 1 || residue === before || found.every(isBalanced));
    if (consistent || attempts === most) {
      const gaps = gapsOf(sight);
      return { pools: found, consistent, attempts, partial: gaps.length > 0, gaps, unreadable: sight.unreadable };
    }
    before = isSteady ? residue : '';
  }
}

function isBalanced({ residue }: LedgerPool): boolean {
  return residue.used === 0 && residue.reserved === 0;
}
