import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contiguousShare, parseBuddyinfo } from '../../../lib/host/buddyinfo.js';
import { KiB, MiB } from '../../../lib/units.js';

const TEXT = `Node 0, zone      DMA      1      0      0      0
Node 0, zone   Normal      2      1      0      3
Node 1, zone   Normal      0      0      1      0
`;

describe('parseBuddyinfo', () => {
  it('adds up nodes and zones', () => {
    expect(parseBuddyinfo(TEXT)).toEqual([3, 1, 1, 3]);
  });

  it.each(['', 'garbage', 'Node 0, zone'])('finds nothing in %j', (text) => {
    expect(parseBuddyinfo(text)).toEqual([]);
  });

  it('reads back every zone', () => {
    const zone = fc.array(fc.nat(1e6), { minLength: 11, maxLength: 11 });
    fc.assert(
      fc.property(fc.array(zone, { minLength: 1, maxLength: 8 }), (zones) => {
        const columns = (counts: number[]): string => counts.map((count) => String(count).padStart(6)).join(' ');
        const lines = zones.map((counts, node) => `Node ${String(node)}, zone   Normal ${columns(counts)} \n`);
        const sums = Array.from({ length: 11 }, (_, order) => zones.reduce((sum, counts) => sum + (counts[order] ?? 0), 0));
        expect(parseBuddyinfo(lines.join(''))).toEqual(sums);
      }),
    );
  });
});

describe('contiguousShare', () => {
  // 3 + 2 + 4 + 24 = 33 base pages.
  const counts = parseBuddyinfo(TEXT);

  it.each([
    [4 * KiB, 4 * KiB, 1],
    [4 * KiB, 16 * KiB, 28 / 33],
    [4 * KiB, 32 * KiB, 24 / 33],
    [64 * KiB, 512 * KiB, 24 / 33],
  ])('with base pages of %d, of pages of %d: %d', (basePage, pageSize, share) => {
    // Free memory is read at another moment than the blocks.
    for (const drift of [0.8, 1, 1.2]) expect(contiguousShare(counts, 33 * basePage * drift, pageSize)).toBe(share);
  });

  it('does not know of pages larger than the largest block, nor of none at all', () => {
    expect(contiguousShare(counts, 33 * 4 * KiB, 64 * KiB)).toBeUndefined();
    expect(contiguousShare([], 4 * MiB, 2 * MiB)).toBeUndefined();
    expect(contiguousShare([0, 0], 0, 4 * KiB)).toBeUndefined();
  });
});
