/** A region: one mapping that this environment holds. */
import { checkOptions } from '../arguments.js';
import { native } from '../native.js';
import { attachToken } from './attach.js';
import { parseReceive, receive } from './handover.js';
import { INTERNAL } from './held.js';
import type { RegionInit } from './held.js';
import { captureSite, captureTrace } from './leaks.js';
import { ShareableMemory } from './shareable.js';
import type { AttachOptions, ReceiveOptions, RegionToken } from './types.js';
import { USE_OPTIONS, parseUse } from './use.js';

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
export class Region extends ShareableMemory {
  static {
    createRegion = (init) => new Region(INTERNAL, init);
  }

  // For TypeScript: that of the base class is left out of the published types.
  private constructor(key: typeof INTERNAL, init: RegionInit) {
    super(key, init);
  }

  /**
   * A hold of this thread on a region of this process, usually of another thread, or on what a region of another process maps. The memory
   * lives until every holder has disposed its own.
   *
   * Of another process it is a mapping of its own, of the same pages: found by path, by SysV id, or under `/proc/PID/fd` of a process of
   * the same user, and mapped only when it is what the token says. With `access: 'read'`, or `onExhaustion: 'degrade'` where the region
   * does not survive, it is one of this process as well.
   *
   * @param token - from `region.share()`
   * @throws TypeError, RangeError for what is not a token; HugePagesError `ERR_HUGEPAGES_TOKEN` for one that is altered, stale, or names
   *   what this process cannot find; `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_NO_MEMORY`, `ERR_HUGEPAGES_SYSTEM`
   */
  static attach(token: RegionToken, options: AttachOptions = {}): Region {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is named, not called
    const site = captureTrace(Region.attach);
    const handle = attachToken(token, parseUse(checkOptions(options, 'options', USE_OPTIONS)));
    return new Region(INTERNAL, { ...TAKEN, handle, id: native.id(handle), site });
  }

  /**
   * Listens on a Unix socket until a process hands over a region with `region.sendTo()`, off the event loop, and maps it. The socket file
   * is this user's alone and goes when this settles, not with `process.exit()`; one that a dead process has left is replaced. Whoever comes
   * with something else, or says nothing for 5 seconds, is turned away, and the next one heard. Keeps the process alive.
   *
   * @param socketPath - a path, or an abstract name that begins with a NUL as in node:net
   * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError `ERR_HUGEPAGES_TIMEOUT`, with `details.turnedAway` and the
   *   last `details.reason`; `ERR_HUGEPAGES_BUSY` when somebody listens there or the file is no socket; `ERR_HUGEPAGES_PERMISSION`,
   *   `ERR_HUGEPAGES_NO_MEMORY`, `ERR_HUGEPAGES_SYSTEM`
   */
  static async receive(socketPath: string, options: ReceiveOptions = {}): Promise<Region> {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is named, not called
    const site = captureSite(Region.receive);
    return new Region(INTERNAL, { ...TAKEN, handle: await receive(parseReceive(socketPath, options)), site });
  }
}

/** What this thread did not allocate. */
const TAKEN = { request: undefined, attempts: [], prefaulted: undefined, background: undefined };
