/** Kinds of pages that are compared, and how much of each. */
import { limits } from '../host/limits.js';
import { pools } from '../host/pools/pools.js';
import { raiseLimit } from '../host/raise-limit.js';
import { thp } from '../host/thp.js';
import { native } from '../native.js';
import { GiB, MiB, formatSize, parseSize } from '../units.js';
import type { Session } from './session.js';
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
 * How much of each kind is to be measured on, if that is said.
 *
 * @param value - the option, unchecked
 */
export function parseBytes(value: unknown, most = MOST_ASKED): number | undefined {
  return value === undefined ? undefined : parseSize(value, 'options.bytes', LEAST_ASKED, most);
}

/** How much otherwise: a power of two that leaves half of what is available, and of what this process may map; less than usual is noted. */
export function defaultBytes(session: Session): number {
  const ofEach = (room: number, least: number): number => {
    const share = Math.max(1, room / 2 / possibleBackings().length);
    return Math.min(MOST, Math.max(least, 2 ** Math.floor(Math.log2(share))));
  };
  const usual = ofEach(process.availableMemory(), LEAST);
  const allowed = limits();
  const { addressSpace, mappedBytes, data, dataBytes } = allowed;
  // A limit that was lowered meanwhile may be below what is there.
  const rooms = { addressSpace: Math.max(0, addressSpace.soft - mappedBytes), data: Math.max(0, data.soft - dataBytes) };
  const limit = rooms.data < rooms.addressSpace ? 'data' : 'addressSpace';
  const bytes = Math.min(usual, ofEach(rooms[limit], LEAST_ASKED));
  if (bytes < usual) {
    const { sentence } = raiseLimit(limit, Infinity, allowed);
    session.note(`${formatSize(bytes)} of each kind: a limit leaves this process ${formatSize(rooms[limit])} to map. ${sentence}`);
  }
  return bytes;
}
