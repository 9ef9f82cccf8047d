/** Memory as the kernel sees it: pages that are populated, locked, advised, protected, and asked about. */
import { checkOneOf, checkPart } from '../arguments.js';
import { native } from '../native.js';
import { mapRuns, presentBytes } from '../page-runs.js';
import { ADVICE, PROTECTION } from './advice.js';
import type { Advice } from './advice.js';
import { facts } from './facts.js';
import { READ_ONLY } from './failures.js';
import { holdOf, live } from './held.js';
import type { INTERNAL, RegionInit } from './held.js';
import { RANGE_PREFAULT, parsePrefaultOptions } from './prefault-options.js';
import type { Backing, DegradedPages, PrefaultResult, Protection, RangePrefaultOptions, Residency } from './types.js';
import { ViewableMemory } from './viewable.js';

/** The part of a Region that is about its pages. */
export abstract class PagedMemory extends ViewableMemory {
  readonly #prefaulted: PrefaultResult | undefined;
  /** Made when it is first asked for: a loop that makes many regions would otherwise fill the microtask queue. */
  #ready: Promise<PrefaultResult | undefined> | undefined;

  /** @internal */
  protected constructor(key: typeof INTERNAL, init: RegionInit) {
    super(key, init);
    this.#prefaulted = init.prefaulted;
    if (init.background === undefined) return;
    const hold = live(this);
    this.#ready = hold.populate(hold.pages(undefined, undefined), init.background);
    this.#ready.catch(() => undefined);
  }

  /**
   * Settles when the prefault that was asked of {@link allocate} is done, with what it did; undefined when none was. With
   * `background: true` it rejects as {@link PagedMemory.prefault} does. Left alone, a rejection here ends no process: memory that could not
   * be populated is still populated by touching it.
   */
  get ready(): Promise<PrefaultResult | undefined> {
    holdOf(this);
    return (this.#ready ??= Promise.resolve(this.#prefaulted));
  }

  /**
   * What the kernel says the region is made of, asked at each read: PROCMAP_QUERY (Linux 6.11) and PAGEMAP_SCAN (6.7), before those
   * `/proc/self/smaps`. A few microseconds per GiB of huge pages.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_SYSTEM`, `ERR_HUGEPAGES_PERMISSION` when /proc cannot be read
   */
  get backing(): Backing {
    const probe = live(this).call('probe the backing of', (handle) => native.probe(handle));
    const { mappingPageSize, presentBytes, hugeBytes, thpEligible } = probe;
    const base = native.basePageSize();
    if (mappingPageSize > base) return { kind: 'hugetlb', pageSize: mappingPageSize, presentBytes, hugeBytes };
    const thp = presentBytes > 0 ? 2 * hugeBytes >= presentBytes : thpEligible;
    return { kind: thp ? 'thp' : 'base', pageSize: (thp ? facts.thpPageSize() : undefined) ?? base, presentBytes, hugeBytes };
  }

  /**
   * What of the region is base pages because its own could not be had, with `onExhaustion: 'degrade'`. The event `degraded` tells of each
   * page, a moment later, with a {@link DegradedPage}; it keeps no event loop alive.
   */
  get degraded(): DegradedPages {
    const hold = live(this);
    const pages = native.degraded(hold.handle);
    return { pages, bytes: pages * hold.facts.survivalPageSize };
  }

  /**
   * Populates a part of the region, off the event loop, on threads of its own. Harmless for what is populated already, whatever it
   * holds and whoever writes to it meanwhile.
   *
   * madvise(MADV_POPULATE_WRITE), Linux 5.14; futex(FUTEX_WAKE_OP) on each page before that.
   *
   * @returns what is populated when it ends
   * @throws HugePagesError `ERR_HUGEPAGES_POPULATE` with `details.populatedBytes`; AbortError (`ABORT_ERR`);
   *   `ERR_HUGEPAGES_DISPOSED` when the region is disposed meanwhile; `ERR_HUGEPAGES_PERMISSION` when it was attached for reading
   */
  async prefault(options: RangePrefaultOptions = {}): Promise<PrefaultResult> {
    const hold = live(this);
    const plan = parsePrefaultOptions(options, 'options', hold.request?.nodes ?? [], RANGE_PREFAULT, facts);
    const part = hold.pages(options.offset, options.length, ['options.offset', 'options.length']);
    return live(this).populate(part, plan); // a getter of the options may have disposed it
  }

  /**
   * Changes what a part of the region allows, in whole pages: mprotect(2). It concerns system calls, which answer EFAULT, and native
   * code; **JavaScript that writes to a read-only part, or reads a part with `none`, dies by SIGSEGV**.
   *
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_SYSTEM`, `ERR_HUGEPAGES_NO_MEMORY` (vm.max_map_count),
   *   `ERR_HUGEPAGES_PERMISSION` for `read-write` of what was attached for reading
   */
  protect(mode: Protection, offset?: number, length?: number): void {
    const hold = live(this);
    const part = hold.pages(offset, length);
    const protection = PROTECTION[checkOneOf(mode, 'mode', Object.keys(PROTECTION) as Protection[])];
    const protect = (handle: number): void => {
      native.protect(handle, part.offset, part.length, protection);
    };
    hold.call(`make '${mode}'`, protect, { EACCES: READ_ONLY });
  }

  /**
   * Advises the kernel on a part of the region, in whole pages: madvise(2).
   *
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` for advice that this memory does not take,
   *   `ERR_HUGEPAGES_NO_MEMORY`, `ERR_HUGEPAGES_SYSTEM`
   */
  advise(advice: Advice, offset?: number, length?: number): void {
    const hold = live(this);
    const part = hold.pages(offset, length);
    const value = ADVICE[checkOneOf(advice, 'advice', Object.keys(ADVICE) as Advice[])];
    hold.call(`advise '${advice}' on`, (handle) => {
      native.advise(handle, part.offset, part.length, value);
    });
  }

  /**
   * Keeps a part of the region in memory: mlock(2). Populates it on the calling thread; {@link PagedMemory.prefault} first for large parts.
   * Hugetlb pages are never swapped, and only populated by this.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_NO_MEMORY` beyond RLIMIT_MEMLOCK, `ERR_HUGEPAGES_PERMISSION` where that is 0
   */
  lock(offset?: number, length?: number): void {
    const hold = live(this);
    const part = hold.pages(offset, length);
    const lock = (handle: number): void => {
      native.lock(handle, part.offset, part.length);
    };
    hold.call('lock', lock, 'Raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK= of a systemd unit) or grant CAP_IPC_LOCK');
  }

  /** Undoes {@link PagedMemory.lock}: munlock(2). */
  unlock(offset?: number, length?: number): void {
    const hold = live(this);
    const part = hold.pages(offset, length);
    hold.call('unlock', (handle) => {
      native.unlock(handle, part.offset, part.length);
    });
  }

  /**
   * Which parts are present, in pages of what size, and on which nodes: PAGEMAP_SCAN (Linux 6.7) and the entries of `/proc/self/pagemap`
   * for what it finds; before, all entries, and transparent huge pages cannot be told from base pages. A moment's view: it may change
   * while it is taken.
   *
   * @throws RangeError `ERR_OUT_OF_RANGE` for what is not whole base pages; HugePagesError as {@link PagedMemory.backing}
   */
  residency(offset?: number, length?: number): Residency {
    const hold = live(this);
    const part = checkPart(offset, length, hold.facts.byteLength, native.basePageSize(), ['offset', 'length']);
    const columns = hold.call('read the page map of', (handle) => native.residency(handle, part.offset, part.length));
    const runs = mapRuns(columns, (start, bytes) => ({ offset: start, length: bytes }));
    const present = presentBytes(runs);
    const frames = runs.some(({ pfn }) => pfn !== undefined) || native.features().frameNumbers;
    return { runs, presentBytes: present, absentBytes: part.length - present, frames };
  }
}
