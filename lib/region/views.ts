/** ArrayBuffers over regions, and the typed arrays that lie over those. */
import { constants } from 'node:buffer';
import { HugePagesError } from '../errors.js';
import { native } from '../native.js';
import { formatSize } from '../units.js';

/** Bytes of the largest ArrayBuffer over foreign memory: 4 GiB on Node 20, more than can be mapped from 22 on. */
export const MAX_BUFFER_BYTES = constants.MAX_LENGTH;

/**
 * An ArrayBuffer over a part of a region.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_BUFFER_TOO_LARGE`, `ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS`
 */
export function arrayBuffer(handle: number, offset: number, length: number): ArrayBuffer {
  if (length > MAX_BUFFER_BYTES) {
    throw new HugePagesError(
      'ERR_HUGEPAGES_BUFFER_TOO_LARGE',
      `Node.js ${process.version} makes no ArrayBuffer of ${formatSize(length)} over foreign memory`,
      {
        details: { byteLength: length, maxByteLength: MAX_BUFFER_BYTES },
        remedy: 'Use windows: region.buffer(byteOffset, byteLength); Node.js 22 has no such limit',
      },
    );
  }
  return withCode(() => native.arrayBuffer(handle, offset, length));
}

/**
 * A SharedArrayBuffer over a part of a region.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_NO_SHARED_BUFFER`, `ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS`
 */
export function sharedArrayBuffer(handle: number, offset: number, length: number): SharedArrayBuffer {
  return withCode(() => native.sharedArrayBuffer(handle, offset, length));
}

const REMEDIES = {
  ERR_HUGEPAGES_NO_SHARED_BUFFER: 'Use Node.js 22.23.3, 24.16, 26.1 or later, or region.buffer() in each thread over region.share()',
  ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS: 'Run this in Node.js itself, in a child process of the Electron application for example',
} as const;

/** The addon knows why this runtime makes no buffer; what to do about it is said here. */
function withCode<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_HUGEPAGES_NO_SHARED_BUFFER' && code !== 'ERR_HUGEPAGES_NO_EXTERNAL_BUFFERS') throw error;
    throw new HugePagesError(code, (error as Error).message, { remedy: REMEDIES[code], cause: error });
  }
}

const TypedArray = Object.getPrototypeOf(Uint8Array) as typeof Uint8Array;

/** Whether a value is the constructor of a typed array, DataView, or a subclass of one. */
export function isViewConstructor(value: unknown): boolean {
  if (typeof value !== 'function') return false;
  const prototype: unknown = value.prototype;
  return value === DataView || prototype instanceof TypedArray || prototype instanceof DataView;
}
