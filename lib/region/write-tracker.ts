/** Which parts of a region were written: asked again and again, until it is disposed. */
import { HugePagesError, illegalConstructor, invalidThis } from '../errors.js';
import { native } from '../native.js';
import { INTERNAL } from './held.js';
import type { Hold } from './hold.js';
import { disposedError } from './job.js';
import type { WrittenRange } from './types.js';

/**
 * Begins to track the writes to a region.
 * @internal
 */
export let trackWrites: (hold: Hold) => WriteTracker;

/** What `userfaultfd(2)` refuses, and what to do about it. */
const REMEDIES: Record<string, string> = {
  EACCES: 'The region was attached read-only, and nothing here writes to it: track it where it is written',
  EBUSY: 'It is tracked already: dispose that tracker first',
  EINVAL: 'Tracking takes Linux 6.7 with CONFIG_USERFAULTFD',
  ENOSYS: 'Tracking takes Linux 6.7 with CONFIG_USERFAULTFD',
  EPERM: 'A seccomp filter, as those of containers, forbids userfaultfd(2): allow it in the profile',
};

/** What `region.trackWrites()` returns. */
export class WriteTracker {
  static {
    trackWrites = (hold) => {
      hold.call('track the writes to', (handle) => native.trackWrites(handle), REMEDIES);
      return new WriteTracker(INTERNAL, hold);
    };
  }

  /** Of the receiver, if it is a tracker: private names would throw as well, without a code. */
  static #holdOf(receiver: unknown): Hold | undefined {
    if (typeof receiver !== 'object' || receiver === null || !(#hold in receiver)) throw invalidThis('WriteTracker');
    return receiver.#hold;
  }

  /** Undefined when the tracker was disposed. */
  #hold: Hold | undefined;

  private constructor(key: typeof INTERNAL, hold: Hold) {
    // The key is there for JavaScript, which knows no private constructors.
    if ((key as unknown) !== INTERNAL) throw illegalConstructor('WriteTracker', 'region.trackWrites()');
    this.#hold = hold;
  }

  /** Whether the tracker was disposed, or its region. */
  get disposed(): boolean {
    return WriteTracker.#holdOf(this)?.disposed ?? true;
  }

  /**
   * What was written since the last call, or since the tracker was made, in ascending order: whole pages, of hugetlb those of the pool, of
   * other memory base pages. Each is told once. Also what was discarded meanwhile, and all of the region after a part of it was mapped
   * anew: by `move()`, `resize()`, or because its pages were degraded. ioctl(PAGEMAP_SCAN), on the calling thread.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_DISPOSED`; `ERR_HUGEPAGES_SYSTEM`, after which the next call tells of the whole region
   */
  take(): readonly WrittenRange[] {
    const hold = WriteTracker.#holdOf(this);
    if (hold === undefined) throw new HugePagesError('ERR_HUGEPAGES_DISPOSED', 'The tracker was disposed');
    if (hold.disposed) throw disposedError();
    const bounds = hold.call('find what was written to', (handle) => native.takeWritten(handle), REMEDIES);
    return Array.from({ length: bounds.length / 2 }, (_, i) => ({ offset: bounds[2 * i] ?? 0, length: bounds[2 * i + 1] ?? 0 }));
  }

  /** Ends the tracking: writes cost nothing any more. A second call does nothing. */
  dispose(): void {
    const hold = WriteTracker.#holdOf(this);
    this.#hold = undefined;
    if (hold?.disposed === false) native.endTracking(hold.handle);
  }

  /** {@link WriteTracker.dispose}, for `using`. */
  [Symbol.dispose](): void {
    WriteTracker.#holdOf(this);
    this.dispose();
  }
}
