/** A region: one mapping that this environment holds. */
import { checkInteger, checkOneOf, checkPart } from '../arguments.js';
import { illegalConstructor, invalidArgType, invalidThis } from '../errors.js';
import type { Request } from '../host/explain/types.js';
import { Kind, native } from '../native.js';
import { formatSize } from '../units.js';
import { ADVICE, PROTECTION } from './advice.js';
import type { Advice } from './advice.js';
import { facts } from './facts.js';
import { attempt } from './failures.js';
import type { Target } from './failures.js';
import { captureSite, forget, watch } from './leaks.js';
import { disposedError, populate, toResult } from './populate.js';
import { RANGE_PREFAULT, parsePrefaultOptions } from './prefault-options.js';
import type { PrefaultPlan } from './prefault-options.js';
import { attachToken, makeToken } from './token.js';
import type {
  Attempt,
  Backing,
  PrefaultResult,
  Protection,
  RangePrefaultOptions,
  RegionToken,
  Residency,
  ViewConstructor,
} from './types.js';
import { MAX_BUFFER_BYTES, arrayBuffer, isViewConstructor, sharedArrayBuffer } from './views.js';

/** What a region is made of; see {@link createRegion}. */
export interface RegionInit {
  handle: number;
  /** What was asked for; undefined for an attached region. */
  request: Request | undefined;
  attempts: readonly Attempt[];
  site: string;
  prefaulted: PrefaultResult | undefined;
  /** A prefault to start now. */
  background: PrefaultPlan | undefined;
}

const BACKING_KINDS = ['hugetlb', 'thp', 'base'] as const satisfies readonly (keyof typeof Kind)[];

/** Only this module has it: the way to tell its own constructor calls from others'. */
const INTERNAL = Symbol('internal');

/**
 * Makes a region of a handle.
 * @internal
 */
export let createRegion: (init: RegionInit) => Region;

/** The receiver, if it is a Region: private names would throw as well, without a code. */
let own: (value: unknown) => Region;

/**
 * Memory that this thread holds. Made by {@link allocate}, {@link allocateSync} and {@link Region.attach}.
 *
 * Offsets and lengths are in bytes. After {@link Region.dispose} every method throws `ERR_HUGEPAGES_DISPOSED`; `id`, `address`,
 * `byteLength`, `pageSize`, `shared`, `attempts` and `disposed` stay readable. Methods called on anything else throw a TypeError
 * `ERR_INVALID_THIS`.
 */
export class Region {
  static {
    createRegion = (init) => new Region(INTERNAL, init);
    own = (value) => {
      if (typeof value !== 'object' || value === null || !(#handle in value)) throw invalidThis('Region');
      return value;
    };
  }

  /** Names the region within its process. */
  readonly id: string;
  /** Bytes: the size asked for, rounded up to whole pages. */
  readonly byteLength: number;
  /** Bytes per page of the backing that was taken. */
  readonly pageSize: number;
  /** Where the region begins in the address space of this process. */
  readonly address: bigint;
  /** Whether the mapping is MAP_SHARED. */
  readonly shared: boolean;
  /** Each backing that was tried, and what ruled it out. The last one was taken. Empty for an attached region. */
  readonly attempts: readonly Attempt[];
  readonly #handle: number;
  readonly #target: Target;
  #disposed = false;
  #whole: ArrayBuffer | undefined;
  readonly #prefaulted: PrefaultResult | undefined;
  /** Made when it is first asked for: a loop that makes many regions would otherwise fill the microtask queue. */
  #ready: Promise<PrefaultResult | undefined> | undefined;

  private constructor(key: typeof INTERNAL, init: RegionInit) {
    // The key is there for JavaScript, which knows no private constructors.
    if ((key as unknown) !== INTERNAL) throw illegalConstructor('Region', 'allocate(), allocateSync() or Region.attach()');
    const { id, byteLength, pageSize, address, shared, kind } = native.describe(init.handle);
    this.id = id;
    this.byteLength = byteLength;
    this.pageSize = pageSize;
    this.address = address;
    this.shared = shared;
    this.attempts = init.attempts;
    this.#handle = init.handle;
    this.#target = { backing: BACKING_KINDS[kind] ?? 'base', pageSize, byteLength, request: init.request };
    this.#prefaulted = init.prefaulted;
    if (init.background !== undefined) {
      this.#ready = this.#populate(0, byteLength, init.background);
      this.#ready.catch(() => undefined);
    }
    watch(this, init.handle, byteLength, init.site);
  }

  /**
   * A hold of this thread on a region of this process, usually in another worker thread. The memory lives until every holder has
   * disposed its own.
   *
   * @param token - from {@link Region.share}
   * @throws TypeError, RangeError for what is not a token; HugePagesError `ERR_HUGEPAGES_TOKEN` for one that is altered, stale, or from
   *   another process
   */
  static attach(token: RegionToken): Region {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is named, not called
    const site = captureSite(Region.attach);
    const nothing = { request: undefined, prefaulted: undefined, background: undefined };
    return createRegion({ handle: attachToken(token), attempts: [], site, ...nothing });
  }

  /**
   * Settles when the prefault that was asked of {@link allocate} is done, with what it did; undefined when none was. With
   * `background: true` it rejects as {@link Region.prefault} does. Left alone, a rejection here ends no process: memory that could not
   * be populated is still populated by touching it.
   */
  get ready(): Promise<PrefaultResult | undefined> {
    const region = own(this);
    return (region.#ready ??= Promise.resolve(region.#prefaulted));
  }

  /** Whether {@link Region.dispose} was called. */
  get disposed(): boolean {
    return own(this).#disposed;
  }

  /**
   * What the kernel says the region is made of, asked at each read: PROCMAP_QUERY (Linux 6.11) and PAGEMAP_SCAN (6.7), before those
   * `/proc/self/smaps`. A few microseconds per GiB of huge pages.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_SYSTEM`, `ERR_HUGEPAGES_PERMISSION` when /proc cannot be read
   */
  get backing(): Backing {
    const probe = live(this).#call('probe the backing of', (handle) => native.probe(handle));
    const { mappingPageSize, presentBytes, hugeBytes, thpEligible } = probe;
    const base = native.basePageSize();
    if (mappingPageSize > base) return { kind: 'hugetlb', pageSize: mappingPageSize, presentBytes, hugeBytes };
    const thp = presentBytes > 0 ? 2 * hugeBytes >= presentBytes : thpEligible;
    return { kind: thp ? 'thp' : 'base', pageSize: (thp ? facts.thpPageSize() : undefined) ?? base, presentBytes, hugeBytes };
  }

  /**
   * The region as an ArrayBuffer. Without arguments the same one each time; a part of the region gets one of its own. It stays valid
   * until {@link Region.dispose}, which detaches it: views of it then have length 0. It keeps the pages even when the Region object is
   * collected.
   *
   * @throws RangeError `ERR_OUT_OF_RANGE`; HugePagesError `ERR_HUGEPAGES_BUFFER_TOO_LARGE` beyond 4 GiB on Node 20,
   *   `ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS` in Electron
   */
  buffer(byteOffset?: number, byteLength?: number): ArrayBuffer {
    const { offset, length } = live(this).#part(byteOffset, byteLength);
    if (offset !== 0 || length !== this.byteLength) return arrayBuffer(this.#handle, offset, length);
    // Empty when its holder transferred it: the memory is the region's as before, and gets another one.
    if (this.#whole === undefined || this.#whole.byteLength === 0) this.#whole = arrayBuffer(this.#handle, 0, length);
    return this.#whole;
  }

  /**
   * The region as a SharedArrayBuffer, for `Atomics` and for posting to workers. Node 22.23.3, 24.16, 26.1 and later. It cannot be
   * detached: after {@link Region.dispose} it reads zeros.
   *
   * @throws RangeError `ERR_OUT_OF_RANGE`; HugePagesError `ERR_HUGEPAGES_NO_SHARED_BUFFER` where Node.js lacks it
   */
  sharedBuffer(byteOffset?: number, byteLength?: number): SharedArrayBuffer {
    const { offset, length } = live(this).#part(byteOffset, byteLength);
    return sharedArrayBuffer(this.#handle, offset, length);
  }

  /** {@link Region.buffer} as a Buffer. All of them share one ArrayBuffer where Node.js can make one of the whole region. */
  bytes(byteOffset?: number, byteLength?: number): Buffer {
    const { offset, length } = live(this).#part(byteOffset, byteLength);
    const { buffer, start } = this.#bufferFor(offset, length);
    return Buffer.from(buffer, start, length);
  }

  /**
   * A typed array over a part of the region.
   *
   * @param Type - such as `Float64Array`, or `DataView`
   * @param byteOffset - bytes, a multiple of the element size. Default 0
   * @param length - elements. Default: as many as fit
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`; HugePagesError as {@link Region.buffer}
   */
  view<T>(Type: ViewConstructor<T>, byteOffset?: number, length?: number): T {
    const region = live(this);
    if (!isViewConstructor(Type)) throw invalidArgType('Type', 'the constructor of a typed array, or DataView', Type);
    const element = Type.BYTES_PER_ELEMENT ?? 1; // DataView has none
    const { offset } = checkPart(byteOffset, 0, region.byteLength, element, ['byteOffset', 'length']);
    const room = Math.floor((region.byteLength - offset) / element);
    const count = length === undefined ? room : checkInteger(length, 'length', 0, room);
    const { buffer, start } = region.#bufferFor(offset, count * element);
    return new Type(buffer, start, count);
  }

  /**
   * Populates a part of the region, off the event loop, on threads of its own. Harmless for what is populated already, whatever it
   * holds and whoever writes to it meanwhile.
   *
   * madvise(MADV_POPULATE_WRITE), Linux 5.14; futex(FUTEX_WAKE_OP) on each page before that.
   *
   * @returns what is populated when it ends
   * @throws HugePagesError `ERR_HUGEPAGES_POPULATE` with `details.populatedBytes`; AbortError (`ABORT_ERR`);
   *   `ERR_HUGEPAGES_DISPOSED` when the region is disposed meanwhile
   */
  async prefault(options: RangePrefaultOptions = {}): Promise<PrefaultResult> {
    const region = live(this);
    const plan = parsePrefaultOptions(options, 'options', region.#target.request?.nodes ?? [], RANGE_PREFAULT, facts);
    const names: [string, string] = ['options.offset', 'options.length'];
    const { offset, length } = checkPart(options.offset, options.length, region.byteLength, region.pageSize, names);
    return live(region).#populate(offset, length, plan); // a getter of the options may have disposed it
  }

  /**
   * Changes what a part of the region allows, in whole pages: mprotect(2). It concerns system calls, which answer EFAULT, and native
   * code; **JavaScript that writes to a read-only part, or reads a part with `none`, dies by SIGSEGV**.
   *
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_SYSTEM`, `ERR_HUGEPAGES_NO_MEMORY` (vm.max_map_count)
   */
  protect(mode: Protection, offset?: number, length?: number): void {
    const part = live(this).#pages(offset, length);
    const protection = PROTECTION[checkOneOf(mode, 'mode', Object.keys(PROTECTION) as Protection[])];
    this.#call(`make '${mode}'`, (handle) => {
      native.protect(handle, part.offset, part.length, protection);
    });
  }

  /**
   * Advises the kernel on a part of the region, in whole pages: madvise(2).
   *
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` for advice that this memory does not take,
   *   `ERR_HUGEPAGES_NO_MEMORY`, `ERR_HUGEPAGES_SYSTEM`
   */
  advise(advice: Advice, offset?: number, length?: number): void {
    const part = live(this).#pages(offset, length);
    const value = ADVICE[checkOneOf(advice, 'advice', Object.keys(ADVICE) as Advice[])];
    this.#call(`advise '${advice}' on`, (handle) => {
      native.advise(handle, part.offset, part.length, value);
    });
  }

  /**
   * Keeps a part of the region in memory: mlock(2). Populates it on the calling thread; {@link Region.prefault} first for large parts.
   * Hugetlb pages are never swapped, and only populated by this.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_NO_MEMORY` beyond RLIMIT_MEMLOCK, `ERR_HUGEPAGES_PERMISSION` where that is 0
   */
  lock(offset?: number, length?: number): void {
    const part = live(this).#pages(offset, length);
    const lock = (handle: number): void => {
      native.lock(handle, part.offset, part.length);
    };
    this.#call('lock', lock, 'Raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK= of a systemd unit) or grant CAP_IPC_LOCK');
  }

  /** Undoes {@link Region.lock}: munlock(2). */
  unlock(offset?: number, length?: number): void {
    const part = live(this).#pages(offset, length);
    this.#call('unlock', (handle) => {
      native.unlock(handle, part.offset, part.length);
    });
  }

  /**
   * Which parts are present, in pages of what size: `/proc/self/pagemap`, and PAGEMAP_SCAN (Linux 6.7) to tell transparent huge pages
   * from base pages. A moment's view: it may change while it is taken.
   *
   * @throws RangeError `ERR_OUT_OF_RANGE` for what is not whole base pages; HugePagesError as {@link Region.backing}
   */
  residency(offset?: number, length?: number): Residency {
    const part = checkPart(offset, length, live(this).byteLength, native.basePageSize(), ['offset', 'length']);
    const runs = this.#call('read the page map of', (handle) => native.pagemap(handle, part.offset, part.length));
    const presentBytes = runs.reduce((sum, run) => sum + (run.present ? run.length : 0), 0);
    return { runs, presentBytes, absentBytes: part.length - presentBytes, frames: runs.some(({ pfn }) => pfn !== undefined) };
  }

  /** A token for {@link Region.attach} in another thread of this process. Plain data: `postMessage` and JSON keep it. */
  share(): RegionToken {
    return makeToken(live(this));
  }

  /**
   * Gives the region up. ArrayBuffers of this thread are detached, and when no other thread holds the region its pages go back at once;
   * if a prefault is under way, it is stopped and they go back before its promise settles. A second call does nothing.
   *
   * Await your own I/O first: a read into a Buffer of the region that is still under way has nowhere to go.
   */
  dispose(): void {
    if (own(this).#disposed) return;
    this.#disposed = true;
    this.#whole = undefined;
    forget(this);
    native.release(this.#handle);
  }

  /** {@link Region.dispose}, for `using`. */
  [Symbol.dispose](): void {
    own(this).dispose();
  }

  #call<T>(what: string, call: (handle: number) => T, remedy?: string): T {
    return attempt(`Cannot ${what} a region of ${formatSize(this.byteLength)}`, () => call(this.#handle), remedy);
  }

  #part(byteOffset: unknown, byteLength: unknown): { offset: number; length: number } {
    return checkPart(byteOffset, byteLength, this.byteLength, 1, ['byteOffset', 'byteLength']);
  }

  #pages(offset: unknown, length: unknown): { offset: number; length: number } {
    return checkPart(offset, length, this.byteLength, this.pageSize, ['offset', 'length']);
  }

  #bufferFor(offset: number, length: number): { buffer: ArrayBuffer; start: number } {
    // Each external ArrayBuffer costs the collector; one for all views costs it once.
    if (this.byteLength <= MAX_BUFFER_BYTES) return { buffer: this.buffer(), start: offset };
    return { buffer: arrayBuffer(this.#handle, offset, length), start: 0 };
  }

  #populate(offset: number, length: number, plan: PrefaultPlan): Promise<PrefaultResult> {
    const task = { handle: this.#handle, target: this.#target, offset, length, plan };
    return populate(task, () => this.#disposed).then(toResult);
  }
}

/** The receiver, if it is a Region that was not disposed. */
function live(value: Region): Region {
  if (own(value).disposed) throw disposedError();
  return value;
}
