/** Memory whose contents are written by several threads at once, off the event loop. */
import { checkOptions } from '../arguments.js';
import { facts } from './facts.js';
import { live } from './held.js';
import { parseJobOptions } from './job-options.js';
import { PagedMemory } from './paged.js';
import type { ZeroOptions, ZeroProgress, ZeroResult } from './types.js';
import { ZERO_OPTIONS, zero } from './zero.js';

/** The part of a Region that fills it. */
export abstract class BulkMemory extends PagedMemory {
  /**
   * Zeroes a part of the region in place: its pages stay, instead of going through the pool and the kernel's own zeroing, and the caches
   * keep what they hold. Stores past the caches on several threads are faster than populating fresh pages.
   *
   * Pages that are absent are populated first. A page that cannot be had is a hole: it reads as zeros once it is filled, so it is left
   * alone and counted. Discarding and protecting parts of the region wait for the chunk under way, and what is read-only by then is an
   * error. What another process punches into the region meanwhile is a signal, as for any touch.
   *
   * madvise(MADV_POPULATE_WRITE), Linux 5.14; before that futex(FUTEX_WAKE_OP), and holes are errors.
   *
   * @param offset - bytes from the start of the region. Default 0
   * @param length - bytes. Default: to the end
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_POPULATE` with `details.zeroedBytes` for memory that is not writable;
   *   AbortError (`ABORT_ERR`); `ERR_HUGEPAGES_DISPOSED` when the region is disposed meanwhile
   */
  async zero(offset?: number, length?: number, options: ZeroOptions = {}): Promise<ZeroResult> {
    const part = live(this).part(offset, length, ['offset', 'length']);
    const plan = parseJobOptions<ZeroProgress>(checkOptions(options, 'options', ZERO_OPTIONS), 'options', facts.allowedCpus().length);
    return zero(live(this), part, plan); // a getter of the options may have disposed it
  }
}
