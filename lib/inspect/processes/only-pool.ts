/** Which pool the hugetlb pages of a process are of, where only one can be. */
import { pagesFile } from '../../host/pools/pools.js';
import { readNumber } from '../../host/text.js';
import type { RootOptions } from '../../host/text.js';

/**
 * The page size of the only pool that has pages. Undefined where several have some, or sysfs does not show them.
 *
 * @param pageSizes - of all pools
 */
export function onlyPool(pageSizes: readonly number[], options: RootOptions): number | undefined {
  const [used, second] = pageSizes.filter((pageSize) => readNumber(pagesFile(pageSize), options) !== 0);
  return second === undefined ? used : undefined;
}
