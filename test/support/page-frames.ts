/** What the kernel says of single pages: `/proc/self/pagemap` and `/proc/kpageflags` (root). */
import { closeSync, openSync, readSync } from 'node:fs';
import { BASE_PAGE } from './page-sizes.js';

/** Bits of `/proc/kpageflags`, of linux/kernel-page-flags.h. */
const KPF = { COMPOUND_HEAD: 15n, COMPOUND_TAIL: 16n, HUGE: 17n } as const;

const PRESENT = 1n << 63n;
const FRAME = (1n << 55n) - 1n;

/** Reads `count` 64-bit entries of a kernel file that has one for each page. */
function entries(file: string, first: bigint, count: number): bigint[] {
  const buffer = Buffer.alloc(count * BigUint64Array.BYTES_PER_ELEMENT);
  const descriptor = openSync(file, 'r');
  try {
    // readSync takes a bigint position: addresses are beyond 2^31, and their entries with them.
    const read = readSync(descriptor, buffer, 0, buffer.length, first * BigInt(BigUint64Array.BYTES_PER_ELEMENT));
    if (read !== buffer.length) throw new Error(`${file}: ${String(read)} of ${String(buffer.length)} bytes`);
  } finally {
    closeSync(descriptor);
  }
  return [...new BigUint64Array(buffer.buffer, buffer.byteOffset, count)];
}

/** One entry for each base page of a range of this process. `frame` is 0 without CAP_SYS_ADMIN. */
export function basePages(address: bigint, byteLength: number): { present: boolean; frame: bigint }[] {
  return entries('/proc/self/pagemap', address / BigInt(BASE_PAGE), byteLength / BASE_PAGE).map((entry) => ({
    present: (entry & PRESENT) !== 0n,
    frame: entry & FRAME,
  }));
}

/** Bytes of a range that are present in this process's page tables. */
export function presentBytes(region: { address: bigint; byteLength: number }): number {
  return basePages(region.address, region.byteLength).filter((page) => page.present).length * BASE_PAGE;
}

/** What `count` frames are part of, from the first one on. */
export function frameFlags(frame: bigint, count: number): { head: boolean; tail: boolean; huge: boolean }[] {
  return entries('/proc/kpageflags', frame, count).map((flags) => {
    const has = (bit: bigint): boolean => ((flags >> bit) & 1n) === 1n;
    return { head: has(KPF.COMPOUND_HEAD), tail: has(KPF.COMPOUND_TAIL), huge: has(KPF.HUGE) };
  });
}
