/** Results of benchmarks that were never run. */
import type { BenchAdviseResult } from '../../lib/bench/advise.js';
import { figure } from '../../lib/bench/figures.js';
import type { BenchTlbResult } from '../../lib/bench/tlb/types.js';
import type { BenchCounter, BenchResult } from '../../lib/bench/types.js';

export const BASE = { kind: 'base', pageSize: 4096 } as const;
export const THP = { kind: 'thp', pageSize: 2 ** 21 } as const;
const chase = { name: 'chase', engine: 'native', unit: 'ns', noise: 0.02, clock: 0.81 } as const;
const kernel = { engine: 'kernel', clock: 0.81 } as const;
const pages = (value: number): { name: string; value: number } => ({ name: 'pages touched', value });

export const TLB_RESULT: BenchTlbResult = {
  schema: 'hugepages-bench',
  version: 1,
  benchmark: 'tlb',
  date: '2026-01-01T00:00:00.000Z',
  milliseconds: 12_345,
  machine: {
    kernel: '6.18',
    arch: 'x64',
    node: 'v22.0.0',
    cpu: 'A processor',
    cpus: 2,
    caches: [],
    virtual: true,
    memory: 2 ** 34,
    thp: { enabled: 'madvise', defrag: 'madvise', pmdSize: 2 ** 21 },
    loadAverage: 0.25,
  },
  settings: { rounds: 3 },
  figures: [
    figure({ ...chase, backing: BASE, parameter: pages(16) }, [1.39, 1.4, 1.41]),
    figure({ ...chase, backing: THP, parameter: pages(16) }, [1.39, 1.39, 1.39]),
    figure({ ...chase, backing: BASE, parameter: pages(2048) }, [13.1, 13.2, 99]),
  ],
  noise: 0.012,
  clock: { samples: [0.81, 0.81, 0.9], median: 0.81, mad: 0, low: 0.81, high: 0.9 },
  notes: ['hugetlb 2MiB: not measured, the pool has 0 pages to give, and 32 are wanted'],
  knees: [{ backing: BASE, level: 2, pages: 2048, reach: 2 ** 23, missCost: 17.23 }],
  pageSizes: [{ backing: THP, verdict: 'splintered', effectivePageSize: 4096, evidence: 'what was seen', splinteredShare: 0.75 }],
  gains: [{ backing: THP, engine: 'native', pages: 2048, noise: 0.02, ratio: 1.432, low: 1.4, high: 1.47 }],
};

export const HUGETLB = { kind: 'hugetlb', pageSize: 2 ** 21 } as const;

/** With all that a profile of the TLB may have: kinds of pages, JavaScript, knees at two places. */
export const RICH_TLB_RESULT: BenchTlbResult = {
  ...TLB_RESULT,
  figures: [
    ...[16, 64, 256, 1024, 4096, 16384].flatMap((count) =>
      [BASE, THP, HUGETLB].map((backing, index) => {
        return figure({ ...chase, backing, parameter: pages(count), counters: counted(count) }, curve(count / (index + 1)));
      }),
    ),
    ...[16, 64, 256].map((count) => figure({ ...chase, name: 'packed', backing: THP, parameter: pages(count) }, [1.3, 1.3, 1.4])),
    ...[256, 16384].map((count) => figure({ ...chase, engine: 'javascript', backing: BASE, parameter: pages(count) }, curve(count * 2))),
  ],
  knees: [
    { backing: BASE, level: 1, pages: 64, reach: 2 ** 18, missCost: 2 },
    { backing: THP, level: 1, pages: 66, reach: 66 * 4096, missCost: 2 },
    { backing: BASE, level: 2, pages: 1024, reach: 2 ** 22, missCost: 15 },
    { backing: THP, level: 2, pages: 4096, reach: 2 ** 24, missCost: 9 },
    { backing: HUGETLB, level: 2, pages: 4096, reach: 2 ** 24, missCost: 9 },
  ],
};

function counted(count: number): BenchCounter[] {
  const misses = 1 - 64 / Math.max(64, count);
  return [
    { name: 'dTLB-load-misses', perAccess: [misses, misses, misses] },
    { name: 'dtlb-walk-cycles', reason: 'the number of this event is not known for this processor' },
  ];
}

function curve(count: number): number[] {
  return [1, 1.02, 0.98].map((noise) => noise * (1.3 + count / 100));
}

/** Throughput by threads, and a page fault, of which each kind of page has one figure. */
export const PREFAULT_RESULT: BenchResult = {
  ...common('prefault'),
  figures: [
    ...[1, 2].flatMap((count) =>
      [BASE, THP].map((backing, index) => {
        const parameter = { name: 'threads', value: count };
        return figure({ ...kernel, name: 'populate', unit: 'GiB/s', backing, parameter }, [count * (index + 1), count * 2]);
      }),
    ),
    ...[BASE, THP].map((backing) => {
      const parameter = { name: 'bytes of a page', value: backing.pageSize };
      return figure({ ...kernel, name: 'fault', unit: 'ns', backing, parameter }, [backing.pageSize / 8, backing.pageSize / 7]);
    }),
  ],
};

export const FORK_RESULT: BenchResult = {
  ...common('fork'),
  figures: [0, 2 ** 21, 2 ** 23].map((value) => {
    const parameter = { name: 'bytes', value };
    const samples = [90, 100, 110].map((us) => us + value / 2 ** 16);
    return figure({ ...kernel, name: 'fork', unit: 'us', backing: BASE, parameter }, samples);
  }),
};

export const ADVISE_RESULT: BenchAdviseResult = {
  ...common('advise'),
  benchmark: 'advise',
  figures: [BASE, THP].map((backing, index) => {
    const parameter = { name: 'bytes', value: 2 ** 27 };
    return figure({ ...chase, name: 'dependent', backing, parameter }, [90 - 30 * index, 95 - 30 * index]);
  }),
  advice: [{ backing: THP, accesses: 'dependent', savedNanoseconds: 30, noise: 0.05, verdict: 'faster', ratio: 1.45, low: 1.4, high: 1.5 }],
};

function common(benchmark: string): BenchResult {
  const { schema, version, date, milliseconds, machine, settings, clock } = TLB_RESULT;
  return { schema, version, benchmark, date, milliseconds, machine, settings, clock, figures: [], notes: [] };
}
