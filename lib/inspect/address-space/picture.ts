/** The picture of an address space: one cell for each chunk of addresses that something maps. */
import { isHugeKind, sumPages } from './pages.js';
import type { PageShare } from './pages.js';

/** Addresses that something maps. */
export interface Extent {
  readonly start: bigint;
  readonly end: bigint;
}

/** Addresses with pages of one kind and size. */
export interface Span extends Extent, Omit<PageShare, 'bytes'> {
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

/** Chunks that are neighbours. */
interface Island {
  readonly first: number;
  readonly count: number;
}

/** A picture that is being filled. */
export class Canvas {
  /** In units. */
  readonly #chunk: number;
  /** Chunks by number. */
  readonly #rows: readonly (readonly (number | undefined)[])[];
  readonly #cells = new Map<number, { shares: { -readonly [K in keyof PageShare]: PageShare[K] }[]; names: Set<string> }>();

  /**
   * Chunks are as small as the room allows, and not smaller than the smallest huge page. Where there is room for it, each row is of
   * neighbours alone.
   *
   * @param mapped - without overlaps, in the order of their addresses
   * @param pages - what they are made of
   */
  constructor(mapped: readonly Extent[], pages: readonly PageShare[], room: Room) {
    const extents = mapped.map(({ start, end }): [number, number] => [units(start), units(end)]);
    for (let chunk = smallestChunk(pages); ; chunk *= 2) {
      const islands = islandsOf(extents, chunk);
      const rows = arrange(islands, room, true) ?? arrange(islands, room, false);
      if (rows === undefined) continue;
      [this.#chunk, this.#rows] = [chunk, rows];
      return;
    }
  }

  /** @param span - of what is mapped */
  add({ start, end, kind, pageSize, name }: Span): void {
    const [first, last] = [units(start), units(end)];
    const chunk = this.#chunk;
    for (let index = Math.floor(first / chunk); index * chunk < last; index++) {
      const cell = this.#cells.get(index) ?? { shares: [], names: new Set() };
      this.#cells.set(index, cell);
      const bytes = (Math.min(last, (index + 1) * chunk) - Math.max(first, index * chunk)) * UNIT;
      const share = cell.shares.find((each) => each.kind === kind && each.pageSize === pageSize);
      if (share === undefined) cell.shares.push({ kind, pageSize, bytes });
      else share.bytes += bytes;
      if (name !== '') cell.names.add(name);
    }
  }

  picture(): Picture {
    const chunk = this.#chunk * UNIT;
    const cell = (index: number): Cell => {
      const { shares = [], names = [] } = this.#cells.get(index) ?? {};
      return { start: BigInt(index) * BigInt(chunk), shares: sumPages(shares), names: [...names] };
    };
    return {
      chunk,
      rows: this.#rows.map((row) => row.map((index) => (index === undefined ? undefined : cell(index)))),
      shares: sumPages([...this.#cells.values()].flatMap(({ shares }) => shares)),
    };
  }
}

function units(address: bigint): number {
  return Number(address / BigInt(UNIT));
}

function smallestChunk(pages: readonly PageShare[]): number {
  const huge = pages.filter(({ kind }) => isHugeKind(kind)).map(({ pageSize }) => pageSize / UNIT);
  return huge.length === 0 ? 1 : Math.min(...huge);
}

function islandsOf(extents: readonly (readonly [first: number, end: number])[], chunk: number): Island[] {
  const islands: Island[] = [];
  for (const [from, end] of extents) {
    const first = Math.floor(from / chunk);
    const last = Math.ceil(end / chunk) - 1;
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
