/** The page size that the TLB sees, from curves as processors show them. */
import { describe, expect, it } from 'vitest';
import { figure } from '../../../lib/bench/figures.js';
import { STRIDES } from '../../../lib/bench/tlb/page-size.js';
import { judgePageSizes } from '../../../lib/bench/tlb/verdict.js';
import type { BenchBacking, BenchFigure } from '../../../lib/bench/types.js';
import { GiB, KiB, MiB } from '../../../lib/units.js';

const KNOWN = [4 * KiB, 2 * MiB, GiB];
const BASE: BenchBacking = { kind: 'base', pageSize: 4 * KiB };
const THP: BenchBacking = { kind: 'thp', pageSize: 2 * MiB };
const GIGANTIC: BenchBacking = { kind: 'hugetlb', pageSize: GiB };

/** 256 lines on pages that the TLB has `entries` for, up to 256 times `farthest`. */
function curve(backing: BenchBacking, mapped: number, entries: number, farthest = 4 * MiB, miss = 3.3): BenchFigure[] {
  const figures: BenchFigure[] = [];
  for (let stride = 64; stride <= farthest; stride *= 2) {
    const pages = Math.min(256, Math.max(1, (256 * stride) / mapped));
    const parameter = { name: STRIDES, value: stride };
    const latency = pages > entries ? miss : 1.4;
    const subject = { name: 'chase by stride', engine: 'native', backing, parameter, unit: 'ns', clock: 1 } as const;
    figures.push(figure(subject, [latency, latency, latency]));
  }
  return figures;
}

const base = curve(BASE, 4 * KiB, 64);

describe('judgePageSizes', () => {
  it.each([
    ['whole on bare metal', THP, 2 * MiB, 32, { verdict: 'whole', effectivePageSize: 2 * MiB, splinteredShare: 0 }],
    ['splintered on a host with small pages', THP, 4 * KiB, 64, { verdict: 'splintered', effectivePageSize: 4 * KiB, splinteredShare: 1 }],
    ['whole with few entries', GIGANTIC, GiB, 4, { verdict: 'whole', effectivePageSize: GiB, splinteredShare: 0 }],
    ['splintered to the pages of a host', GIGANTIC, 2 * MiB, 32, { verdict: 'splintered', effectivePageSize: 2 * MiB, splinteredShare: 0 }],
    ['splintered all the way', GIGANTIC, 4 * KiB, 64, { verdict: 'splintered', effectivePageSize: 4 * KiB, splinteredShare: 1 }],
  ])('%s', (_, backing, mapped, entries, expected) => {
    expect(judgePageSizes([...base, ...curve(backing, mapped, entries)], KNOWN)).toMatchObject([{ backing, ...expected }]);
  });

  it('is undetermined where the memory is too little for the distance that would tell', () => {
    const [verdict] = judgePageSizes([...base, ...curve(GIGANTIC, GiB, 4, 64 * KiB)], KNOWN);
    expect(verdict).toMatchObject({ verdict: 'undetermined', effectivePageSize: undefined });
    expect(verdict?.evidence).toContain('none is missed with lines up to 64KiB apart, and larger distances take more memory');
  });

  it('is undetermined where a miss of the first level costs nothing', () => {
    const [verdict] = judgePageSizes([...curve(BASE, 4 * KiB, 64, 4 * MiB, 1.5), ...curve(THP, 2 * MiB, 32)], KNOWN);
    expect(verdict).toMatchObject({ verdict: 'undetermined', splinteredShare: undefined });
  });

  it('tells how many of the places are splintered', () => {
    const places = curve(THP, 2 * MiB, 32).map((one) => ({ ...one, samples: [1.4, 1.4, 3.3, 1.4] }));
    expect(judgePageSizes([...base, ...places], KNOWN)).toMatchObject([{ verdict: 'whole', splinteredShare: 0.25 }]);
  });

  it('says what was seen', () => {
    expect(judgePageSizes([...base, ...curve(THP, 4 * KiB, 64)], KNOWN)[0]?.evidence).toBe(
      '256 lines 4KiB apart: 3.30 ns an access; 3.30 ns on base pages, 1.40 ns where no entry of the TLB is missed; ' +
        'entries are missed with lines 2KiB apart and farther, on base pages 2KiB',
    );
  });
});
