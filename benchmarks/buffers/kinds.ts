/** Memory that a program can have instead of a region, each by what its documentation offers. */
import { allocate } from 'hugepages';
import type { AllocateOptions } from 'hugepages';
import { peerPackage } from '../support/packages.js';

/** Zeros. What has no `free` is the garbage collector's. */
export interface Memory {
  readonly words: Int32Array;
  readonly free?: () => void;
}

/** @throws NotInstalled */
export type Maker = (bytes: number) => Memory | Promise<Memory>;

export function region(options: Omit<AllocateOptions, 'size'> = {}): Maker {
  return async (size) => {
    const region = await allocate({ size, backing: ['hugetlb'], ...options });
    return { words: region.view(Int32Array), free: () => region.dispose() };
  };
}

export const buffer: Maker = (bytes) => ({ words: wordsOf(Buffer.alloc(bytes)) });
export const unsafeBuffer: Maker = (bytes) => ({ words: wordsOf(Buffer.allocUnsafe(bytes)) });
export const sharedArrayBuffer: Maker = (bytes) => ({ words: new Int32Array(new SharedArrayBuffer(bytes)) });

function wordsOf({ buffer, byteOffset, byteLength }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
}

interface MmapIo {
  readonly PROT_READ: number;
  readonly PROT_WRITE: number;
  readonly MAP_PRIVATE: number;
  readonly MAP_POPULATE: number;
  map(size: number, protection: number, flags: number, descriptor: number): Buffer;
}

// It passes on what it has no names for: MAP_ANONYMOUS | MAP_HUGETLB of the default pool.
const ANONYMOUS_HUGETLB = 0x4_0020;

export const mmapIo: Maker = (bytes) => {
  const mmap = peerPackage('@riaskov/mmap-io') as MmapIo;
  const flags = mmap.MAP_PRIVATE | mmap.MAP_POPULATE | ANONYMOUS_HUGETLB;
  return { words: wordsOf(mmap.map(bytes, mmap.PROT_READ | mmap.PROT_WRITE, flags, -1)) };
};

interface ShmTypedArray {
  create(count: number, type: 'Int32Array', key: undefined, permissions: string): Int32Array & { key: number };
  destroy(key: number): boolean;
}

/** @param permissions - it adds them to the flags of shmget(2), so that 4000 is SHM_HUGETLB */
export function segment(permissions: '600' | '4600'): Maker {
  return (bytes) => {
    const shm = peerPackage('shm-typed-array') as ShmTypedArray;
    const words = shm.create(bytes / Int32Array.BYTES_PER_ELEMENT, 'Int32Array', undefined, permissions);
    return { words, free: () => shm.destroy(words.key) };
  };
}
