/** Regions that are used again. */
import { checkBoolean, checkInteger, checkOptions } from '../../arguments.js';
import { HugePagesError, abortError, invalidArgType, invalidArgValue, invalidThis } from '../../errors.js';
import { native } from '../../native.js';
import { parseSize } from '../../units.js';
import type { Size } from '../../units.js';
import { allocatePlan } from '../allocate.js';
import { facts } from '../facts.js';
import { live } from '../held.js';
import { disposedError } from '../job.js';
import { captureSite, forget } from '../leaks.js';
import type { Site } from '../leaks.js';
import { parseOptions, requestOf } from '../options.js';
import type { Plan } from '../options.js';
import { ASYNC_PREFAULT } from '../prefault-options.js';
import { Region, createRegion } from '../region.js';
import type { AllocateOptions } from '../types.js';
import { demand } from './demand.js';
import { keyOf } from './key.js';
import { Shelf } from './shelf.js';
import type { Kept } from './shelf.js';

/** What a {@link RegionCache} is asked. */
export interface RegionCacheOptions {
  /** Bytes that it keeps at most, in regions that nobody uses. */
  readonly maxBytes: Size;
  /** Zero what is released, before anybody gets it again. False: regions come with what their last holder left. Default true. */
  readonly scrub?: boolean;
  /** Milliseconds after which a region that nobody wanted goes back to the kernel. Default 30,000. */
  readonly maxAge?: number;
}

/** What a cache has and has done. */
export interface RegionCacheStats {
  /** Regions that it keeps, and their bytes. */
  readonly regions: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Regions that were handed out from the cache, and that had to be allocated. */
  readonly hits: number;
  readonly misses: number;
}

/** Milliseconds between looks at ages and at the machine. */
const INTERVAL = 1000;

/**
 * Keeps released regions, and hands them out again without the kernel's way to zeroed pages. They go back to the kernel when nobody wanted
 * them for long, and when others need memory: under memory pressure of the machine or the cgroup (PSI), near the cgroup's limit of hugetlb
 * pages, and when the pool is empty and others have pages of it. Looking keeps no process alive.
 */
export class RegionCache {
  /** The receiver, if it is a cache: private names would throw as well, without a code. */
  static #own(value: unknown): RegionCache {
    if (typeof value !== 'object' || value === null || !(#shelf in value)) throw invalidThis('RegionCache');
    return value;
  }

  readonly #maxBytes: number;
  readonly #scrub: boolean;
  readonly #maxAge: number;
  readonly #shelf = new Shelf();
  /** Regions in use, by what they can serve; undefined for those that are not kept. */
  readonly #lent = new WeakMap<Region, string | undefined>();
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  #hits = 0;
  #misses = 0;

  /** @throws TypeError, RangeError for wrong options */
  constructor(options: RegionCacheOptions) {
    const { maxBytes, scrub, maxAge } = checkOptions(options, 'options', ['maxBytes', 'scrub', 'maxAge']);
    this.#maxBytes = parseSize(maxBytes, 'options.maxBytes', 0);
    this.#scrub = checkBoolean(scrub, 'options.scrub', true);
    this.#maxAge = maxAge === undefined ? 30_000 : checkInteger(maxAge, 'options.maxAge', 0, Number.MAX_SAFE_INTEGER);
  }

  /**
   * A region as {@link allocate} makes it, or one that was released and is like it: of the same size, backing, page size, alignment, NUMA
   * policy and guard. A kept one is populated, and of zeros unless `scrub` is false. When memory is short, the cache gives up what it has
   * before this fails. Shared regions, those of other sources, inherited or surviving ones are always new.
   *
   * @throws as {@link allocate}; HugePagesError `ERR_HUGEPAGES_DISPOSED` after {@link RegionCache.dispose}
   */
  async acquire(options: AllocateOptions): Promise<Region> {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is named, not called
    const site = captureSite(RegionCache.prototype.acquire);
    const cache = RegionCache.#own(this);
    const plan = parseOptions(options, ASYNC_PREFAULT, facts);
    const signal = plan.prefault?.signal;
    const refusal = cache.#refusal(signal);
    if (refusal !== undefined) throw refusal;
    const key = keyOf(plan);
    const kept = key === undefined ? undefined : await cache.#take(key, signal);
    if (kept === undefined) cache.#misses++;
    else cache.#hits++;
    const region = kept === undefined ? await cache.#allocate(plan, site) : reuse(kept, plan, site);
    // What was only a second choice is not what the next one wants first.
    const isFirstChoice = region.attempts.length === 1 && region.attempts[0]?.note === undefined;
    cache.#lent.set(region, isFirstChoice ? key : undefined);
    return region;
  }

  /**
   * Takes a region back. It is disposed for its holder at once: ArrayBuffers are detached and its tokens lead nowhere. Its pages are kept
   * only where nobody can reach them any more and they are as new: not with other holders, SharedArrayBuffers or transferred ArrayBuffers,
   * not when parts are absent, were protected, advised or locked.
   *
   * Await your own I/O first: a read into the region that is still under way would write into what somebody else gets.
   *
   * @returns whether it is kept, when it can be handed out again; nobody has to wait for that
   * @throws TypeError for what was not acquired here; HugePagesError `ERR_HUGEPAGES_DISPOSED`
   */
  async release(region: Region): Promise<boolean> {
    const cache = RegionCache.#own(this);
    if (!(region instanceof Region)) throw invalidArgType('region', 'a Region', region);
    const hold = live(region);
    if (!cache.#lent.has(region)) throw invalidArgValue('region', 'must have been acquired from this cache', region);
    const key = cache.#lent.get(region);
    cache.#lent.delete(region);
    if (key === undefined || cache.#disposed || region.byteLength > cache.#maxBytes) {
      region.dispose();
      return false;
    }
    forget(hold);
    const handle = hold.renew();
    if (handle === undefined) return false;
    if (!isComplete(handle, region.byteLength, hold.target.backing !== 'base')) {
      native.release(handle);
      return false;
    }
    cache.trim(cache.#maxBytes - region.byteLength);
    const { ready } = cache.#shelf.put(key, handle, cache.#scrub ? facts.allowedCpus().length : 0);
    cache.#watch();
    return ready;
  }

  /** What the cache has and has done. */
  stats(): RegionCacheStats {
    const cache = RegionCache.#own(this);
    const { kept, bytes } = cache.#shelf;
    return { regions: kept.length, bytes, maxBytes: cache.#maxBytes, hits: cache.#hits, misses: cache.#misses };
  }

  /**
   * Gives regions back to the kernel, oldest first, until at most so many bytes are kept.
   *
   * @param maxBytes - default 0: all of them
   * @returns the bytes that went back
   */
  trim(maxBytes: Size = 0): number {
    const shelf = RegionCache.#own(this).#shelf;
    const limit = parseSize(maxBytes, 'maxBytes', 0);
    return shelf.discard(() => shelf.bytes > limit);
  }

  /** Gives back all that it keeps. Regions in use stay, and those that are released from now on are disposed. */
  dispose(): void {
    const cache = RegionCache.#own(this);
    cache.#disposed = true;
    cache.trim();
    clearInterval(cache.#timer);
  }

  /** {@link RegionCache.dispose}, for `using`. */
  [Symbol.dispose](): void {
    RegionCache.#own(this).dispose();
  }

  async #take(key: string, signal: AbortSignal | undefined): Promise<Kept | undefined> {
    for (;;) {
      const entry = this.#shelf.take(key);
      if (entry === undefined) return undefined;
      const isReady = await entry.ready;
      const refusal = this.#refusal(signal);
      if (isReady && refusal === undefined) return entry;
      if (isReady && !this.#disposed) this.#putBack(entry);
      else entry.hold.release();
      if (refusal !== undefined) throw refusal;
    }
  }

  /** Why nobody gets anything now. */
  #refusal(signal: AbortSignal | undefined): Error | undefined {
    if (this.#disposed) return disposedError('The cache was disposed');
    return signal?.aborted === true ? abortError(signal, { populatedBytes: 0 }) : undefined;
  }

  #putBack(entry: Kept): void {
    this.trim(this.#maxBytes - entry.byteLength);
    this.#shelf.add(entry);
    this.#watch();
  }

  async #allocate(plan: Plan, site: Site): Promise<Region> {
    try {
      return await allocatePlan(plan, site);
    } catch (error) {
      const isShort = error instanceof HugePagesError && ['ERR_HUGEPAGES_NO_MEMORY', 'ERR_HUGEPAGES_POPULATE'].includes(error.code);
      if (!isShort || this.trim() === 0) throw error;
      return allocatePlan(plan, site);
    }
  }

  #watch(): void {
    this.#timer ??= setInterval(() => {
      this.#giveBack();
      if (this.#shelf.kept.length > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    }, INTERVAL).unref();
  }

  #giveBack(): void {
    const oldest = performance.now() - this.#maxAge;
    this.#shelf.discard(({ since }) => since < oldest);
    if (this.#shelf.kept.length > 0) this.#shelf.discard(demand());
  }
}

function reuse({ hold, byteLength, backing, pageSize }: Kept, plan: Plan, site: Site): Region {
  const { prefault } = plan;
  try {
    prefault?.onProgress?.({ populatedBytes: byteLength, totalBytes: byteLength });
  } catch (error) {
    hold.release();
    throw error;
  }
  const prefaulted = prefault && { populatedBytes: byteLength, threads: 0, milliseconds: 0 };
  const attempts = [{ backing, pageSize }];
  return createRegion({ handle: hold.handle, request: requestOf(plan), attempts, site, prefaulted, background: undefined });
}

/** Whether every page is there, and as large as it was. */
function isComplete(handle: number, byteLength: number, isHuge: boolean): boolean {
  const { presentBytes, hugeBytes } = native.probe(handle);
  return presentBytes === byteLength && (!isHuge || hugeBytes === byteLength);
}
