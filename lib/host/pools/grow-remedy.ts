/** The command that makes a request fit into a pool. */
import { formatSize } from '../../units.js';
import { poolDirectory } from './pools.js';
import type { PoolSnapshot } from './pools.js';

/** What to tell someone whose pool is too small. */
export interface GrowRemedy {
  /** One sentence that ends with the command. */
  readonly sentence: string;
  /** Grows the pool when pasted into a shell. */
  readonly command: string;
}

/**
 * Says how to grow a pool so that a request fits.
 *
 * The kernel counts what is written to `nr_hugepages` without surplus pages, but turns those into persistent ones first: writing
 * more than `total` adds exactly the difference.
 *
 * @param pool - the pool as it is now
 * @param needed - pages that the request needs
 * @param euid - effective user of the shell; root needs no sudo
 */
export function growRemedy(pool: PoolSnapshot, needed: number, euid = process.geteuid?.()): GrowRemedy {
  const pages = pool.total + Math.max(0, needed - (pool.free - pool.reserved));
  const sudo = euid === 0 ? '' : 'sudo ';
  const command = `echo ${String(pages)} | ${sudo}tee ${poolDirectory(pool.pageSize)}/nr_hugepages`;
  const change = `from ${String(pool.total)} to ${String(pages)} pages`;
  return { sentence: `Grow the pool of ${formatSize(pool.pageSize)} pages ${change}: ${command}`, command };
}
