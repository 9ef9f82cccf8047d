/** Which pool the hugetlb pages of a process are of, where only one can be. */
import { setImmediate } from 'node:timers/promises';
import { pagesFile } from '../../host/pools/pools.js';
import { readNumber } from '../../host/text.js';
import type { RootOptions } from '../../host/text.js';

/** The page size of the only pool that has pages. Undefined where several have some, or sysfs does not show them. */
export type OnlyPool = () => Promise<number | undefined>;

/**
 * Asks the pools when whoever asks has read its process: what was mapped then was in a pool. Once for all that ask in one turn of the event
 * loop.
 *
 * @param pageSizes - of all pools
 */
export function newOnlyPool(pageSizes: readonly number[], options: RootOptions): OnlyPool {
  let asked: ReturnType<OnlyPool> | undefined;
  return () => (asked ??= ask());

  async function ask(): ReturnType<OnlyPool> {
    await setImmediate();
    asked = undefined;
    const [used, second] = pageSizes.filter((pageSize) => readNumber(pagesFile(pageSize), options) !== 0);
    return second === undefined ? used : undefined;
  }
}
