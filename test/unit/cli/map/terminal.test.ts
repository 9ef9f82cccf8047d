import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HUGETLB_SIGNS, OTHER_SIGNS } from '../../../../lib/cli/map/legend.js';
import { renderPicture, roomOf } from '../../../../lib/cli/map/terminal.js';
import type { Span } from '../../../../lib/inspect/address-space/picture.js';
import { GiB, KiB, MiB } from '../../../../lib/units.js';
import { pictureOf, spanLists } from '../../../support/spans.js';

function text(spans: readonly Span[], width: number): string {
  return stripVTControlCharacters(renderPicture(pictureOf(spans, roomOf(spans, width))).join('\n'));
}

/** One behind the other, without names. */
function spans(start: bigint, ...parts: readonly (readonly [Span['kind'], number, number])[]): Span[] {
  let end = start;
  return parts.map(([kind, pageSize, bytes]) => ({ kind, pageSize, name: '', start: end, end: (end += BigInt(bytes)) }));
}

describe('renderPicture', () => {
  it('shows pages by kind and size, with a legend', () => {
    const list = [
      ...spans(0x7f0000000000n, ['hugetlb', GiB, GiB], ['absent', 4 * KiB, 16 * MiB]),
      ...spans(0x7f1000000000n, ['hugetlb', 2 * MiB, 64 * MiB], ['hugetlb-absent', 2 * MiB, 32 * MiB]),
      ...spans(0x7f2000000000n, ['thp', 2 * MiB, 48 * MiB], ['base', 4 * KiB, 20 * KiB], ['swap', 4 * KiB, 16 * MiB]),
    ];
    expect(text(list, 80)).toBe(`Address space, 2MiB to a cell
  7f0000000000  ████████████████████████████████████████████████████████████████
  7f0008000000  ████████████████████████████████████████████████████████████████
  7f0010000000  ████████████████████████████████████████████████████████████████
  7f0018000000  ████████████████████████████████████████████████████████████████
  7f0020000000  ████████████████████████████████████████████████████████████████
  7f0028000000  ████████████████████████████████████████████████████████████████
  7f0030000000  ████████████████████████████████████████████████████████████████
  7f0038000000  ████████████████████████████████████████████████████████████████
  7f0040000000  ········
  7f1000000000  ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░
  7f2000000000  ########################sssssssss

  █  1GiB hugetlb             1GiB
  ▓  2MiB hugetlb            64MiB
  #  2MiB transparent        48MiB
  +  base pages              20KiB
  s  swapped out             16MiB
  ░  hugetlb without a page  32MiB
  ·  mapped without a page   16MiB`);
  });

  it('shows what is present in a chunk, however little that is', () => {
    expect(text(spans(0n, ['base', 4 * KiB, 4 * KiB], ['hugetlb-absent', 2 * MiB, 2 * MiB]), 80)).toContain('\n  0  +░\n');
  });

  it('fits the width', () => {
    fc.assert(
      fc.property(spanLists, fc.integer({ min: 60, max: 200 }), (list, width) => {
        for (const line of text(list, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('has a character of its own for each kind', () => {
    const glyphs = [...HUGETLB_SIGNS, ...Object.values(OTHER_SIGNS)].map(({ glyph }) => glyph);
    expect(new Set(glyphs).size).toBe(glyphs.length);
  });
});
