/** Spans of an address space as they may come. */
import fc from 'fast-check';
import { sumPages } from '../../lib/inspect/address-space/pages.js';
import type { PageKind, PageShare } from '../../lib/inspect/address-space/pages.js';
import { Canvas } from '../../lib/inspect/address-space/picture.js';
import type { Picture, Room, Span } from '../../lib/inspect/address-space/picture.js';
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

/** What they are made of. */
export function sharesOf(spans: readonly Span[]): PageShare[] {
  return sumPages(spans.map(({ start, end, kind, pageSize }) => ({ kind, pageSize, bytes: Number(end - start) })));
}

export function pictureOf(spans: readonly Span[], room: Room): Picture {
  const canvas = new Canvas(spans, sharesOf(spans), room);
  for (const span of spans) canvas.add(span);
  return canvas.picture();
}
