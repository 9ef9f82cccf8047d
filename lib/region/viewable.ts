/** Memory as JavaScript sees it: ArrayBuffers, Buffers, typed arrays. */
import { checkInteger, checkPart } from '../arguments.js';
import { invalidArgType } from '../errors.js';
import { HeldMemory, live } from './held.js';
import type { ViewConstructor } from './types.js';
import { arrayBuffer, isViewConstructor, sharedArrayBuffer } from './views.js';

/** The part of a Region that makes views of it. */
export abstract class ViewableMemory extends HeldMemory {
  /**
   * The region as an ArrayBuffer. Without arguments the same one each time; a part of the region gets one of its own. It stays valid
   * until {@link HeldMemory.dispose}, which detaches it: views of it then have length 0. It keeps the pages even when the Region object is
   * collected.
   *
   * @throws RangeError `ERR_OUT_OF_RANGE`; HugePagesError `ERR_HUGEPAGES_BUFFER_TOO_LARGE` beyond 4 GiB on Node 20,
   *   `ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS` in Electron
   */
  buffer(byteOffset?: number, byteLength?: number): ArrayBuffer {
    const hold = live(this);
    const { offset, length } = hold.part(byteOffset, byteLength);
    return offset === 0 && length === hold.facts.byteLength ? hold.wholeBuffer() : arrayBuffer(hold.handle, offset, length);
  }

  /**
   * The region as a SharedArrayBuffer, for `Atomics` and for posting to workers. Node 22.23.3, 24.16, 26.1 and later. It cannot be
   * detached: after {@link HeldMemory.dispose} it reads zeros.
   *
   * @throws RangeError `ERR_OUT_OF_RANGE`; HugePagesError `ERR_HUGEPAGES_NO_SHARED_BUFFER` where Node.js lacks it
   */
  sharedBuffer(byteOffset?: number, byteLength?: number): SharedArrayBuffer {
    const hold = live(this);
    const { offset, length } = hold.part(byteOffset, byteLength);
    return sharedArrayBuffer(hold.handle, offset, length);
  }

  /** {@link ViewableMemory.buffer} as a Buffer. All of them share one ArrayBuffer where Node.js can make one of the whole region. */
  bytes(byteOffset?: number, byteLength?: number): Buffer {
    const hold = live(this);
    const part = hold.part(byteOffset, byteLength);
    const { buffer, start } = hold.bufferFor(part);
    return Buffer.from(buffer, start, part.length);
  }

  /**
   * A typed array over a part of the region.
   *
   * @param Type - such as `Float64Array`, or `DataView`
   * @param byteOffset - bytes, a multiple of the element size. Default 0
   * @param length - elements. Default: as many as fit
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`; HugePagesError as {@link ViewableMemory.buffer}
   */
  view<T>(Type: ViewConstructor<T>, byteOffset?: number, length?: number): T {
    const hold = live(this);
    if (!isViewConstructor(Type)) throw invalidArgType('Type', 'the constructor of a typed array, or DataView', Type);
    const element = Type.BYTES_PER_ELEMENT ?? 1; // DataView has none
    const { offset } = checkPart(byteOffset, 0, hold.facts.byteLength, element, ['byteOffset', 'length']);
    const room = Math.floor((hold.facts.byteLength - offset) / element);
    const count = length === undefined ? room : checkInteger(length, 'length', 0, room);
    const { buffer, start } = hold.bufferFor({ offset, length: count * element });
    return new Type(buffer, start, count);
  }
}
