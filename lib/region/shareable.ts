/** Memory that other threads and processes can have as well. */
import { live } from './held.js';
import { parseSend, send } from './handover.js';
import { SealableMemory } from './sealable.js';
import { makeToken } from './token.js';
import type { RegionToken, SendOptions } from './types.js';

/** The part of a Region that gives it to others; `Region.attach()` and `Region.receive()` take it. */
export abstract class ShareableMemory extends SealableMemory {
  /**
   * A token for `Region.attach()` in another thread of this process and, for sources `memfd`, `file` and `sysv` with a shared mapping,
   * in another process. Plain data: `postMessage`, `process.send()` and JSON keep it. It keeps nothing alive: but for persistent files
   * and segments, hold the region until it has been attached.
   *
   * @throws HugePagesError `ERR_HUGEPAGES_SYSTEM`
   */
  share(): RegionToken {
    const hold = live(this);
    return makeToken(hold.handle, hold.id, hold.facts);
  }

  /**
   * Hands the region over to a process that waits in `Region.receive()` on the same socket, and settles when that has mapped it. No
   * token, no /proc and no common user ID of containers is needed: the descriptor goes along, SCM_RIGHTS of unix(7). Waits for a receiver
   * to come, off the event loop, and keeps the process alive. After an abort or a timeout the other side may have it or not.
   *
   * @param socketPath - a path, or an abstract name that begins with a NUL as in node:net
   * @throws TypeError, RangeError; AbortError (`ABORT_ERR`); HugePagesError `ERR_HUGEPAGES_TIMEOUT`; `ERR_HUGEPAGES_REFUSED` when the
   *   receiver could not take it, with why; `ERR_HUGEPAGES_BUSY` when something else is there; `ERR_HUGEPAGES_PERMISSION` when it is
   *   another user, or none that may connect; `ERR_HUGEPAGES_UNSUPPORTED` for memory of
   *   this process alone; `ERR_HUGEPAGES_DISPOSED`, `ERR_HUGEPAGES_SYSTEM`
   */
  async sendTo(socketPath: string, options: SendOptions = {}): Promise<void> {
    live(this);
    const plan = parseSend(socketPath, options);
    await send(live(this), plan); // a getter of the options may have disposed it
  }
}
