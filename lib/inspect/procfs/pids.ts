/** The processes in `/proc`. */
import { listNumbered } from '../../host/text.js';
import type { RootOptions } from '../../host/text.js';

/**
 * The processes that `/proc` shows, ascending; with kernel threads and zombies, without other threads. A PID namespace shows its own,
 * and the mount option `hidepid` takes away those of others.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when `/proc` cannot be read
 */
export function pids(options: RootOptions = {}): number[] {
  return listNumbered('/proc', /^(\d+)$/, options);
}
