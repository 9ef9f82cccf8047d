/** Spans of an address space as they may come. */
import fc from 'fast-check';
import type { PageKind } from '../../lib/inspect/address-space/pages.js';
import type { Span } from '../../lib/inspect/address-space/picture.js';
import { GiB, KiB, MiB } from '../../lib/units.js';

const PAGES: readonly (readonly [PageKind, number])[] = [
  ['hugetlb', GiB],
  ['hugetlb', 2 * MiB],
  ['hugetlb-absent', 2 * MiB],
  ['thp', 2 * MiB],
  ['base', 4 * KiB],
  ['swap', 4 * KiB],
  ['absent', 4 * KiB],
];

/** Pages of one kind behind a gap, which may be none: both of all magnitudes. */
const piece = fc.record({
  kind: fc.constantFrom(...PAGES),
  gap: fc.nat(30).chain((power) => fc.nat(2 ** power - 1)),
  count: fc.nat(9).chain((power) => fc.integer({ min: 1, max: 2 ** power })),
  name: fc.string({ unit: 'binary', maxLength: 8 }),
});

/** In the order of their addresses. */
export const spanLists: fc.Arbitrary<Span[]> = fc.array(piece, { maxLength: 40 }).map((pieces) => {
  let end = 0n;
  return pieces.map(({ kind: [kind, pageSize], gap, count, name }) => {
    const start = end + BigInt(gap) * BigInt(pageSize);
    end = start + BigInt(count) * BigInt(pageSize);
    return { start, end, kind, pageSize, name };
  });
});
