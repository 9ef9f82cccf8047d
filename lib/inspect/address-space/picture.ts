/** The picture of an address space: one cell for each chunk of addresses that something maps. */
import { sumPages } from './pages.js';
import type { PageKind, PageShare } from './pages.js';

/** Addresses with pages of one kind. */
export interface Span {
  readonly start: bigint;
  readonly end: bigint;
  readonly kind: PageKind;
  readonly pageSize: number;
  /** Of the mapping; empty where it has none. */
  readonly name: string;
}

/** One chunk. */
export interface Cell {
  readonly start: bigint;
  /** What of it is mapped, by kind and page size. */
  readonly shares: readonly PageShare[];
  readonly names: readonly string[];
}

export interface Picture {
  /** Bytes of addresses to a cell, a power of two: each cell begins at a multiple. */
  readonly chunk: number;
  /** In the order of addresses. Undefined between two cells that are not neighbours. */
  readonly rows: readonly (readonly (Cell | undefined)[])[];
  /** The sums of all cells. */
  readonly shares: readonly PageShare[];
}

/** How much room there is. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

// In units of this size every address is a whole number below 2^53, also those of the kernel.
const UNIT = 4096;

/** In units. */
interface Extent {
  readonly first: number;
  readonly end: number;
}

/** Chunks that are neighbours. */
interface Island {
  readonly first: number;
  readonly count: number;
}

/**
 * As fine as the room allows, and not finer than the smallest huge page. Where there is room for it, each row is of neighbours alone.
 *
 * @param spans - without overlaps, in the order of their addresses
 */
export function picture(spans: readonly Span[], room: Room): Picture {
  const extents = spans.map(({ start, end }) => ({ first: units(start), end: units(end) }));
  for (let chunk = finestChunk(spans); ; chunk *= 2) {
    const islands = islandsOf(extents, chunk / UNIT);
    const layout = arrange(islands, room, true) ?? arrange(islands, room, false);
    if (layout === undefined) continue;
    const cells = fill(spans, extents, chunk);
    return {
      chunk,
      rows: layout.map((row) => row.map((index) => (index === undefined ? undefined : cells.get(index)))),
      shares: sumPages([...cells.values()].flatMap(({ shares }) => shares)),
    };
  }
}

function units(address: bigint): number {
  return Number(address / BigInt(UNIT));
}

const HUGE: readonly PageKind[] = ['hugetlb', 'thp', 'hugetlb-absent'];

function finestChunk(spans: readonly Span[]): number {
  const huge = spans.filter(({ kind }) => HUGE.includes(kind));
  return huge.length === 0 ? UNIT : huge.reduce((least, { pageSize }) => Math.min(least, pageSize), Infinity);
}

function islandsOf(extents: readonly Extent[], chunk: number): Island[] {
  const islands: Island[] = [];
  for (const extent of extents) {
    const first = Math.floor(extent.first / chunk);
    const last = Math.ceil(extent.end / chunk) - 1;
    const before = islands.at(-1);
    const joins = before !== undefined && first <= before.first + before.count;
    if (joins) islands.pop();
    const start = joins ? before.first : first;
    islands.push({ first: start, count: last - start + 1 });
  }
  return islands;
}

/** Chunks by number; undefined when there is not room enough. */
function arrange(islands: readonly Island[], room: Room, apart: boolean): (number | undefined)[][] | undefined {
  const rows: (number | undefined)[][] = [];
  for (const { first, count } of islands) {
    // A gap takes a column, unless the row is full with it.
    if (apart || (rows.at(-1)?.length ?? room.columns) + 1 >= room.columns) rows.push([]);
    else rows.at(-1)?.push(undefined);
    for (let index = first; index < first + count; index++) {
      if (rows.at(-1)?.length === room.columns) rows.push([]);
      if (rows.length > room.rows) return undefined;
      rows.at(-1)?.push(index);
    }
  }
  return rows;
}

function fill(spans: readonly Span[], extents: readonly Extent[], chunk: number): Map<number, Cell> {
  const size = chunk / UNIT;
  const cells = new Map<number, { start: bigint; shares: PageShare[]; names: Set<string> }>();
  for (const [at, { kind, pageSize, name }] of spans.entries()) {
    const { first = 0, end = 0 } = extents[at] ?? {};
    for (let index = Math.floor(first / size); index * size < end; index++) {
      const cell = cells.get(index) ?? { start: BigInt(index) * BigInt(chunk), shares: [], names: new Set() };
      cells.set(index, cell);
      const bytes = (Math.min(end, (index + 1) * size) - Math.max(first, index * size)) * UNIT;
      cell.shares.push({ kind, pageSize, bytes });
      if (name !== '') cell.names.add(name);
    }
  }
  return new Map(
    [...cells].map(([index, { start, shares, names }]) => [index, { start, shares: sumPages(shares), names: [...names] }]),
  );
}
