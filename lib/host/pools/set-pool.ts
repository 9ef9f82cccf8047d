/** Changing the size of a hugetlb pool. */
import { writeFileSync } from 'node:fs';
import { checkInteger, checkOptions } from '../../arguments.js';
import { formatSize, parseSize } from '../../units.js';
import type { Size } from '../../units.js';
import { existingPool, persistentPages } from './pool-state.js';
import { poolDirectory } from './pools.js';
import { fileError, underRoot } from '../text.js';
import type { RootOptions } from '../text.js';

/** What {@link setPool} is asked. */
export interface PoolChange {
  /** Size of the pool's pages. */
  readonly pageSize: Size;
  /** Persistent pages that the pool shall have, 0 to 2^53 - 1. */
  readonly pages: number;
}

/** What became of a {@link PoolChange}; all but `pageSize` in persistent pages, which is `total - surplus`. */
export interface PoolChangeResult {
  /** Bytes. */
  readonly pageSize: number;
  readonly requested: number;
  /** What the pool has now. Fewer than requested when the kernel found no more free contiguous memory. */
  readonly granted: number;
  readonly before: number;
}

/**
 * Sets the number of persistent pages of a pool by writing its `nr_hugepages`, and reads back what the kernel made of it: growth
 * stops early, without an error, when memory runs short or a signal arrives. Pages in use are never taken away; shrinking below
 * them makes them surplus, and they leave the pool when freed.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` when the machine has no such pool, `ERR_HUGEPAGES_PERMISSION` without root or
 *   with a read-only `/sys`, `ERR_HUGEPAGES_SYSTEM` otherwise
 */
export function setPool(change: PoolChange, options: RootOptions = {}): PoolChangeResult {
  const given = checkOptions(change, 'change', ['pageSize', 'pages']);
  const pageSize = parseSize(given.pageSize, 'change.pageSize');
  const pages = checkInteger(given.pages, 'change.pages', 0, Number.MAX_SAFE_INTEGER);
  const before = persistentPages(existingPool(pageSize, options));
  const file = underRoot(`${poolDirectory(pageSize)}/nr_hugepages`, options);
  try {
    writeFileSync(file, String(pages));
  } catch (error) {
    const message = `Could not set the pool of ${formatSize(pageSize)} pages to ${String(pages)} pages: ${file}`;
    throw fileError(message, file, error, writeRemedy(file, pages, error));
  }
  return { pageSize, requested: pages, granted: persistentPages(existingPool(pageSize, options)), before };
}

function writeRemedy(file: string, pages: number, error: unknown): string | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return `Run as root, or: echo ${String(pages)} | sudo tee ${file}`;
    case 'EROFS':
      return `/sys is read-only here, as in a container: run this on the host: echo ${String(pages)} | sudo tee ${file}`;
    case 'EINVAL':
      return 'This kernel changes that pool only at boot: set hugepagesz= and hugepages= on the kernel command line';
    default:
      return undefined;
  }
}
