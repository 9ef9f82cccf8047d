/** Memory whose pages are given back while it stays mapped, and taken again. */
import type { DiscardOptions, DiscardResult, Hole } from './discard.js';
import { discard, holes, parseDiscard, reserve } from './discard.js';
import { facts } from './facts.js';
import { live } from './held.js';
import type { Hold } from './hold.js';
import { populateSync, toResult } from './populate.js';
import { SYNC_PREFAULT, parsePrefaultOptions } from './prefault-options.js';
import type { PrefaultPlan } from './prefault-options.js';
import { TrackableMemory } from './trackable.js';
import type { PrefaultOptions, PrefaultResult, RefillOptions } from './types.js';

const ASYNC_REFILL = ['threads', 'nodes', 'signal', 'onProgress'] as const;

/** The part of a Region that is about holes. */
export abstract class PunchableMemory extends TrackableMemory {
  /**
   * Gives the pages of a part back, to the pool or to the machine. The part stays mapped, and reads as zeros once it has pages again; of a
   * private mapping of a file, as that file is. Views stay valid: what touches the part takes pages. **A touch that finds none is SIGBUS,
   * which kills the process**; only pages whose reservation is `kept` are sure to be there. {@link PunchableMemory.refill} is a touch with
   * an error instead of a signal.
   *
   * fallocate(FALLOC_FL_PUNCH_HOLE) of a shared memfd or file, madvise(MADV_REMOVE) of a segment or of shared anonymous memory: everybody
   * who maps it loses the pages, and each page loses its reservation. madvise(MADV_DONTNEED) of private memory, for hugetlb Linux 5.18: the
   * reservation is kept since Linux 6.9, and lost before.
   *
   * @param offset - bytes, a multiple of the page size for hugetlb, of the base page for other memory
   * @param length - bytes, likewise
   * @returns what was freed: exact for memfd, file and private memory, and of other memory what this process had mapped
   * @throws TypeError, RangeError `ERR_OUT_OF_RANGE`, for parts of pages too; HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` (before Linux
   *   5.18; locked memory; a reservation that cannot be kept), `ERR_HUGEPAGES_PERMISSION` (read-only), `ERR_HUGEPAGES_SEALED`,
   *   `ERR_HUGEPAGES_NO_MEMORY` with `details.freedBytes`: the pages are gone, and `keepReservation` came too late
   */
  discard(offset: number, length: number, options: DiscardOptions = {}): DiscardResult {
    const { keepReservation, ...part } = parseDiscard(live(this), offset, length, options);
    return discard(live(this), part, keepReservation); // a getter of the options may have disposed it
  }

  /**
   * Takes pages for a part of the region, as {@link TrackableMemory.prefault}: where a touch would be SIGBUS, it rejects.
   *
   * @param offset - bytes from the start of the region, a multiple of its page size. Default 0
   * @param length - bytes, a multiple of the page size. Default: to the end
   * @throws HugePagesError `ERR_HUGEPAGES_POPULATE` with `details.populatedBytes`; AbortError (`ABORT_ERR`); `ERR_HUGEPAGES_DISPOSED` when
   *   the region is disposed meanwhile; `ERR_HUGEPAGES_PERMISSION` when it was attached for reading
   */
  async refill(offset?: number, length?: number, options: RefillOptions = {}): Promise<PrefaultResult> {
    const plan = parseRefill(live(this), options, ASYNC_REFILL);
    const hold = live(this);
    return hold.populate(hold.pages(offset, length), plan);
  }

  /** {@link PunchableMemory.refill} on the calling thread and helpers of its own: for workers, and for a page or two. */
  refillSync(offset?: number, length?: number, options: Pick<PrefaultOptions, 'threads' | 'nodes'> = {}): PrefaultResult {
    const plan = parseRefill(live(this), options, SYNC_PREFAULT);
    const hold = live(this);
    hold.checkWritable('populate');
    return toResult(populateSync({ ...hold.pages(offset, length), handle: hold.handle, target: hold.target, plan }));
  }

  /**
   * Takes the reservation of holes back without populating them: afterwards nobody else has their pages, and touching them cannot fail. It
   * also takes that of holes which other processes made. Where nothing was lost, it does nothing.
   *
   * Maps the part once more and unmaps it: the file, and not the mapping, has the reservation. So only shared memory of source `memfd` or
   * `file` can do that.
   *
   * @throws RangeError; HugePagesError `ERR_HUGEPAGES_NO_MEMORY` when others have the pages; `ERR_HUGEPAGES_UNSUPPORTED` for holes in other
   *   memory
   */
  reserve(offset?: number, length?: number): void {
    const hold = live(this);
    reserve(hold, hold.granules(offset, length));
  }

  /**
   * The parts without pages and without a reservation, as far as the threads of this process discarded them: a touch there may be SIGBUS.
   * Those that another process punched are not among them, and those that only another process filled still are.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_SYSTEM`, `ERR_HUGEPAGES_PERMISSION` when /proc cannot be read
   */
  holes(): readonly Hole[] {
    const hold = live(this);
    return holes(hold, hold.granules(undefined, undefined));
  }
}

function parseRefill(hold: Hold, options: unknown, known: readonly string[]): PrefaultPlan {
  return parsePrefaultOptions(options, 'options', hold.request?.nodes ?? [], known, facts);
}
