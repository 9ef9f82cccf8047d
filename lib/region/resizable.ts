/** Memory that gets another size, or other addresses. */
import { checkOptions } from '../arguments.js';
import { HugePagesError } from '../errors.js';
import { parseSize } from '../units.js';
import type { Size } from '../units.js';
import { live } from './held.js';
import { parseAlignment, parseHint } from './options.js';
import { keepsSize, relocate, resizing } from './relocate.js';
import type { MoveOptions } from './types.js';
import { WaitableMemory } from './waitable.js';

/** The part of a Region that is about where it lies, and how long it is. */
export abstract class ResizableMemory extends WaitableMemory {
  /**
   * Gives the region another size, rounded up to whole pages; what fits keeps its content. `id` stays, `address` changes, and **views
   * of the old size are detached**, as by {@link HeldMemory.dispose}: take new ones. A SharedArrayBuffer reads zeros from then on.
   *
   * What is new is zero, reserved as `allocate()` reserves it, and not populated: `await region.prefault({ offset })`.
   *
   * A shared region of source `memfd` or `file` changes the size of the file, which is mapped again: what {@link PagedMemory.protect},
   * {@link PagedMemory.advise} and {@link PagedMemory.lock} said is to be said again. **Another process that has mapped more than is left
   * dies by SIGBUS when it touches that**, unless its memory survives that or the memfd is sealed against `'shrink'`. Where another process
   * has resized the file already, this follows it. Of private `thp` and `base` regions the pages are moved (mremap(2), Linux 5.7), with all
   * that was said of them. Anonymous hugetlb shrinks (5.16) and does not grow; other regions keep their size.
   *
   * @param size - bytes, 1 to 2^47. The size that it has: nothing happens
   * @throws TypeError, RangeError; HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` for a region that keeps its size, `ERR_HUGEPAGES_BUSY` while
   *   it is held a second time or worked on, and for anonymous hugetlb while there are views that cannot be detached,
   *   `ERR_HUGEPAGES_NO_MEMORY`, `ERR_HUGEPAGES_SEALED`, `ERR_HUGEPAGES_MISMATCH` when another process has made the file of a third
   *   size. Nothing has changed then, the size of the file included
   */
  resize(size: Size): void {
    const hold = live(this);
    const bytes = parseSize(size, 'size');
    const { pageSize, byteLength: before, alignment } = hold.facts;
    const byteLength = Math.ceil(bytes / pageSize) * pageSize;
    if (byteLength === before) return;
    const what = resizing(hold, byteLength);
    const refusal = keepsSize(hold, byteLength);
    if (refusal !== undefined) {
      throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', `Cannot ${what}: ${refusal.because}`, { remedy: refusal.remedy });
    }
    relocate(hold, what, { byteLength, alignment, hint: 0n });
  }

  /**
   * Moves the region to other addresses, content and pages as they are, with the same frames: mremap(2), or for what is shared and has a
   * name, mapping it again. Views are detached as by {@link ResizableMemory.resize}.
   *
   * @throws TypeError, RangeError; HugePagesError as {@link ResizableMemory.resize}. `ERR_HUGEPAGES_UNSUPPORTED` for anonymous hugetlb
   *   before Linux 5.16
   */
  move(options: MoveOptions = {}): void {
    live(this);
    const { alignment, addressHint } = checkOptions(options, 'options', ['alignment', 'addressHint']);
    const wanted = parseAlignment(alignment);
    const hint = parseHint(addressHint);
    const hold = live(this); // after the getters of the options
    const { byteLength, alignment: before } = hold.facts;
    relocate(hold, 'move a region', { byteLength, alignment: wanted === 0 ? before : wanted, hint });
  }
}
