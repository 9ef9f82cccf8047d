import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hugetlbBytes, sumOf, thpBytes } from '../../../../lib/inspect/processes/use.js';
import type { HugePageUse } from '../../../../lib/inspect/processes/use.js';
import { GiB, MiB } from '../../../../lib/units.js';

const bytes = fc.nat(1000).map((pages) => pages * 2 * MiB);
const nodes = fc.uniqueArray(fc.record({ node: fc.nat(3), bytes }), { selector: ({ node }) => node });
const pool = fc.record({
  pageSize: fc.constantFrom(2 * MiB, GiB),
  privateBytes: bytes,
  sharedBytes: bytes,
  nodes: fc.option(nodes, { nil: undefined, freq: 20 }),
});
const use: fc.Arbitrary<HugePageUse> = fc.record({
  hugetlb: fc.uniqueArray(pool, { selector: ({ pageSize }) => pageSize }),
  anonHugePages: bytes,
  shmemPmdMapped: bytes,
  filePmdMapped: bytes,
});
const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

describe('sumOf', () => {
  it('loses nothing and counts nothing twice', () => {
    fc.assert(
      fc.property(fc.array(use), (uses) => {
        const sum = sumOf(uses);
        expect(hugetlbBytes(sum)).toBe(total(uses.map(hugetlbBytes)));
        expect(thpBytes(sum)).toBe(total(uses.map(thpBytes)));
        const sizes = sum.hugetlb.map(({ pageSize }) => pageSize);
        expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
        for (const { pageSize, nodes: summed } of sum.hugetlb) {
          const parts = uses.flatMap(({ hugetlb }) => hugetlb.filter((part) => part.pageSize === pageSize));
          const isKnown = parts.every((part) => part.nodes !== undefined);
          const expected = total(parts.flatMap((part) => (part.nodes ?? []).map((each) => each.bytes)));
          expect(summed && total(summed.map((each) => each.bytes))).toBe(isKnown ? expected : undefined);
        }
      }),
    );
  });
});
