/** The hugetlb pools as sysfs shows them, and pools of a known size for a block of tests. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { meminfo } from './kernel-text.js';
import { HUGE_PAGE, HUGE_PAGES } from './page-sizes.js';

const SLABS = '/sys/kernel/slab';
const FILES = { total: 'nr_hugepages', free: 'free_hugepages', reserved: 'resv_hugepages', surplus: 'surplus_hugepages' } as const;

/** Pages of one pool. */
export type PoolCounters = Record<keyof typeof FILES, number>;

/** The counters of all pools by page size. */
export type Counters = ReadonlyMap<number, PoolCounters>;

/** A pool as a block of tests wants it. */
export interface PoolNeed {
  /** Bytes. */
  readonly pageSize: number;
  /** Persistent pages. */
  readonly pages: number;
}

function poolFile(pageSize: number, name: string): string {
  return `/sys/kernel/mm/hugepages/hugepages-${String(pageSize / 1024)}kB/${name}`;
}

/** Reservations may be below 0, which the kernel shows as 2^64 less. */
function readPool(pageSize: number, name: string): number {
  return Number(BigInt.asIntN(64, BigInt(readFileSync(poolFile(pageSize, name), 'utf8'))));
}

/** The pages of one pool now. */
export function counters(pageSize: number): PoolCounters {
  const read = (key: keyof PoolCounters): number => readPool(pageSize, FILES[key]);
  return { total: read('total'), free: read('free'), reserved: read('reserved'), surplus: read('surplus') };
}

/** The pages of all pools now. */
export function allCounters(): Counters {
  return new Map(HUGE_PAGES.map((pageSize) => [pageSize, counters(pageSize)]));
}

/**
 * What changed in all pools, and nothing else: `{ 2097152: { free: -4 } }` says that four pages of that pool were taken, that its
 * other counters are the same, and that no other pool changed. `{}` says that nothing changed.
 */
export function delta(before: Counters): Record<number, Partial<PoolCounters>> {
  const changed: Record<number, Partial<PoolCounters>> = {};
  for (const [pageSize, then] of before) {
    const now = counters(pageSize);
    const keys = (Object.keys(FILES) as (keyof PoolCounters)[]).filter((key) => now[key] !== then[key]);
    if (keys.length > 0) changed[pageSize] = Object.fromEntries(keys.map((key) => [key, now[key] - then[key]]));
  }
  return changed;
}

/** Writes `nr_hugepages` (root), after which the kernel must have granted what was asked. */
export function setPages(pageSize: number, pages: number): void {
  const file = poolFile(pageSize, FILES.total);
  grow(file, pages);
  const granted = readPool(pageSize, FILES.total);
  if (granted !== pages) throw new Error(`${file}: asked for ${String(pages)}, the kernel granted ${String(granted)}`);
}

/**
 * How many pages a pool can have, at most those asked for and at least one: memory may be too scattered for several gigantic pages,
 * however much of it is free.
 */
export function obtainable({ pageSize, pages }: PoolNeed): number {
  if (process.geteuid?.() !== 0 || !HUGE_PAGES.includes(pageSize)) return pages; // its tests are skipped
  const file = poolFile(pageSize, FILES.total);
  const before = readPool(pageSize, FILES.total);
  if (before >= pages) return pages;
  grow(file, pages);
  const granted = readPool(pageSize, FILES.total);
  writeFileSync(file, String(before));
  return Math.max(1, Math.min(pages, granted));
}

function grow(file: string, pages: number): void {
  writeFileSync(file, String(pages));
  if (Number(readFileSync(file, 'utf8')) >= pages) return;
  assembleMemory();
  writeFileSync(file, String(pages));
}

/**
 * Gigantic pages need memory in one piece, and memory that the kernel has taken into use: with deferred initialisation it may leave
 * most of it for when smaller pages are asked for, which a gigantic page does not do. Smaller huge pages out of most of the free memory
 * do both. What cannot be moved, as slabs, has to go first.
 */
function assembleMemory(): void {
  writeFileSync('/proc/sys/vm/drop_caches', '3');
  for (const slab of existsSync(SLABS) ? readdirSync(SLABS) : []) writeFileSync(`${SLABS}/${slab}/shrink`, '1');
  writeFileSync('/proc/sys/vm/compact_memory', '1');
  const file = poolFile(HUGE_PAGE, FILES.total);
  const total = readPool(HUGE_PAGE, FILES.total);
  writeFileSync(file, String(total + Math.floor((0.8 * meminfo('MemFree')) / HUGE_PAGE)));
  writeFileSync(file, String(total));
}

/** Gives the tests of this block pools of exactly these pages, all free, and checks that each test gives back what it took. */
export function withPool(...needs: readonly PoolNeed[]): void {
  const earlier: PoolNeed[] = [];
  let atStart: Counters = new Map();

  beforeAll(() => {
    for (const { pageSize, pages } of needs) {
      earlier.push({ pageSize, pages: readPool(pageSize, FILES.total) });
      setPages(pageSize, pages);
      expect(counters(pageSize)).toEqual({ total: pages, free: pages, reserved: 0, surplus: 0 });
    }
    atStart = allCounters();
  });
  afterEach(() => {
    expect(delta(atStart)).toEqual({});
  });
  afterAll(() => {
    for (const { pageSize, pages } of earlier.reverse()) setPages(pageSize, pages);
  });
}
