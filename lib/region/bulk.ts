/** Memory whose contents are written by several threads at once, off the event loop. */
import { checkOptions } from '../arguments.js';
import { facts } from './facts.js';
import { parseLoad, parseStore } from './files.js';
import type { DataFile, LoadOptions, StoreOptions, TransferResult } from './files.js';
import { live } from './held.js';
import { parseJobOptions } from './job-options.js';
import { PunchableMemory } from './punchable.js';
import { load, store } from './transfer.js';
import type { ZeroOptions, ZeroProgress, ZeroResult } from './types.js';
import { ZERO_OPTIONS, zero } from './zero.js';

const PART_OF_OPTIONS: [string, string] = ['options.offset', 'options.length'];

/** The part of a Region that fills it, and writes it out. */
export abstract class BulkMemory extends PunchableMemory {
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
   *   `ERR_HUGEPAGES_PERMISSION` for what was attached for reading; AbortError (`ABORT_ERR`); `ERR_HUGEPAGES_DISPOSED` when the region is
   *   disposed meanwhile
   */
  async zero(offset?: number, length?: number, options: ZeroOptions = {}): Promise<ZeroResult> {
    const part = live(this).part(offset, length, ['offset', 'length']);
    const plan = parseJobOptions<ZeroProgress>(checkOptions(options, 'options', ZERO_OPTIONS), 'options', facts.allowedCpus().length);
    return zero(live(this), part, plan); // a getter of the options may have disposed it
  }

  /**
   * Fills a part of the region from a file, on several threads: pread(2). The region's own pages are the destination, so nothing is
   * copied twice and no Buffer is made.
   *
   * Without `length` it loads as much as the file has, by its size when it is opened. An open file is duplicated at once: it may be closed
   * meanwhile. The order of the parts is not told, and after an error any of them may be loaded.
   *
   * @returns how much, and how much of it past the page cache
   * @throws TypeError, RangeError; HugePagesError with `details.bytes`: `ERR_HUGEPAGES_MISMATCH` for a file that ends before `length`,
   *   `ERR_HUGEPAGES_POPULATE` for a page that cannot be had or written to, `ERR_HUGEPAGES_UNSUPPORTED` where direct I/O is not
   *   possible and `direct` is true, `ERR_HUGEPAGES_PERMISSION` (of what was attached for reading, too), `ERR_HUGEPAGES_SYSTEM` with the
   *   `errno` of a file that cannot be opened or read, or is none (`EISDIR`, `ESPIPE`); AbortError (`ABORT_ERR`);
   *   `ERR_HUGEPAGES_DISPOSED` when the region is disposed meanwhile
   */
  async load(file: DataFile, options: LoadOptions = {}): Promise<TransferResult> {
    live(this);
    const plan = parseLoad(file, options);
    const hold = live(this); // a getter of the options may have disposed it
    return load(hold, hold.part(plan.offset, plan.length, PART_OF_OPTIONS), plan.length === undefined, plan);
  }

  /**
   * Writes a part of the region to a file, on several threads: pwrite(2). A file that is made gets mode 0666, less the umask. After an
   * error it is incomplete, as after `fs.writeFile`; nothing is flushed to the disk.
   *
   * @throws TypeError, RangeError; HugePagesError as {@link BulkMemory.load}, `ERR_HUGEPAGES_EXISTS` with `flag: 'wx'`,
   *   `ERR_HUGEPAGES_UNSUPPORTED` for a file of hugetlbfs, which takes no writes, and for one that is open for appending,
   *   `ERR_HUGEPAGES_SYSTEM` with the `errno` `ENOSPC` of a full disk
   */
  async store(file: DataFile, options: StoreOptions = {}): Promise<TransferResult> {
    live(this);
    const plan = parseStore(file, options);
    const hold = live(this);
    return store(hold, hold.part(plan.offset, plan.length, PART_OF_OPTIONS), plan);
  }
}
