/** A region: one mapping that this environment holds. */
import { INTERNAL, live } from './held.js';
import type { RegionInit } from './held.js';
import { captureSite } from './leaks.js';
import { attachToken, makeToken } from './token.js';
import type { RegionToken } from './types.js';
import { WaitableMemory } from './waitable.js';

/**
 * Makes a region of a handle.
 * @internal
 */
export let createRegion: (init: RegionInit) => Region;

/**
 * Memory that this thread holds. Made by {@link allocate}, {@link allocateSync} and {@link Region.attach}.
 *
 * Offsets and lengths are in bytes. After {@link Region.dispose} every method throws `ERR_HUGEPAGES_DISPOSED`; `id`, `address`,
 * `byteLength`, `pageSize`, `shared`, `attempts` and `disposed` stay readable. Methods called on anything else throw a TypeError
 * `ERR_INVALID_THIS`.
 */
export class Region extends WaitableMemory {
  static {
    createRegion = (init) => new Region(INTERNAL, init);
  }

  // For TypeScript: that of the base class is left out of the published types.
  private constructor(key: typeof INTERNAL, init: RegionInit) {
    super(key, init);
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
    return new Region(INTERNAL, { handle: attachToken(token), attempts: [], site, ...nothing });
  }

  /** A token for {@link Region.attach} in another thread of this process. Plain data: `postMessage` and JSON keep it. */
  share(): RegionToken {
    return makeToken(live(this).facts);
  }
}
