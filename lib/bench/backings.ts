/** Kinds of pages that are compared, and how much of each. */
import { pools } from '../host/pools/pools.js';
import { thp } from '../host/thp.js';
import { native } from '../native.js';
import { GiB, MiB, parseSize } from '../units.js';
import type { BenchBacking } from './types.js';

/** One transparent huge page, and as far as a cycle counts words by 32 bits. */
const LEAST_ASKED = 2 * MiB;
const MOST_ASKED = 16 * GiB;

/** Between how much is taken by default. */
const LEAST = 64 * MiB;
const MOST = GiB;

/** Kinds of pages that this machine has, or could have: base pages first, then by size. */
export function possibleBackings(): BenchBacking[] {
  const { pmdSize } = thp();
  return [
    { kind: 'base', pageSize: native.basePageSize() },
    ...(pmdSize === undefined ? [] : [{ kind: 'thp', pageSize: pmdSize } as const]),
    ...pools().map(({ pageSize }): BenchBacking => ({ kind: 'hugetlb', pageSize })),
  ];
}

/**
 * How much of each kind is measured on: by default as much as leaves other programs half of what is available, a power of two.
 *
 * @param value - the option, unchecked
 */
export function parseBytes(value: unknown, most = MOST_ASKED): number {
  return value === undefined ? Math.min(most, defaultBytes()) : parseSize(value, 'options.bytes', LEAST_ASKED, most);
}

function defaultBytes(): number {
  const share = process.availableMemory() / 2 / possibleBackings().length;
  return Math.min(MOST, Math.max(LEAST, 2 ** Math.floor(Math.log2(share))));
}
