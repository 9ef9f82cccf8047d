import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, Picture, Span } from '../../../../lib/inspect/address-space/picture.js';
import { GiB, KiB, MiB } from '../../../../lib/units.js';
import { pictureOf, sharesOf, spanLists } from '../../../support/spans.js';

const rooms = fc.record({ columns: fc.integer({ min: 1, max: 100 }), rows: fc.integer({ min: 1, max: 30 }) });

function cellsOf({ rows }: Picture): Cell[] {
  return rows.flat().filter((cell) => cell !== undefined);
}

/** Whether a gap was drawn in front of a cell, and whether there is one. */
function gapBefore(row: Picture['rows'][number], index: number, chunk: bigint): { drawn: boolean; real: boolean }[] {
  const [cell, before] = [row[index], row[index - 1] ?? row[index - 2]];
  if (cell === undefined || before === undefined) return [];
  return [{ drawn: row[index - 1] === undefined, real: cell.start > before.start + chunk }];
}

function span(start: number, bytes: number, kind: Span['kind'], pageSize: number, name = ''): Span {
  return { start: BigInt(start), end: BigInt(start) + BigInt(bytes), kind, pageSize, name };
}

describe('Canvas', () => {
  it('has every byte of every span in its cell, and nothing else', () => {
    fc.assert(
      fc.property(spanLists, rooms, (spans, room) => {
        const drawn = pictureOf(spans, room);
        expect(drawn.shares).toEqual(sharesOf(spans));
        const cells = new Map(cellsOf(drawn).map((cell) => [cell.start, cell]));
        const chunk = BigInt(drawn.chunk);
        const isThere = ({ kind, pageSize, name }: Span, address: bigint): boolean => {
          const cell = cells.get(address - (address % chunk));
          const share = cell?.shares.find((each) => each.kind === kind && each.pageSize === pageSize);
          return share !== undefined && (name === '' || cell?.names.includes(name) === true);
        };
        const placesOf = ({ start, end }: Span): bigint[] => [start, (start + end) / 2n, end - 1n];
        expect(spans.filter((each) => !placesOf(each).every((place) => isThere(each, place)))).toEqual([]);
        const filled = [...cells.values()].map(({ shares }) => shares.reduce((sum, { bytes }) => sum + bytes, 0));
        expect(filled.filter((bytes) => bytes > drawn.chunk)).toEqual([]);
      }),
    );
  });

  it('fits the room, in the order of addresses, with a gap wherever there is one within a row', () => {
    fc.assert(
      fc.property(spanLists, rooms, (spans, room) => {
        const drawn = pictureOf(spans, room);
        expect(drawn.rows.length).toBeLessThanOrEqual(room.rows);
        const fits = drawn.rows.map((row) => row.length <= room.columns && row[0] !== undefined && row.at(-1) !== undefined);
        expect(fits).not.toContain(false);
        const gaps = drawn.rows.flatMap((row) => row.flatMap((_, index) => gapBefore(row, index, BigInt(drawn.chunk))));
        expect(gaps.filter(({ drawn, real }) => drawn !== real)).toEqual([]);
        const starts = cellsOf(drawn).map(({ start }) => start);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => (a < b ? -1 : 1)));
      }),
    );
  });

  it('has a cell for each of the smallest huge pages, where there is room', () => {
    const spans = [span(8 * MiB, 8 * MiB, 'hugetlb', 2 * MiB), span(16 * MiB, 4 * KiB, 'base', 4 * KiB)];
    const { chunk, rows } = pictureOf(spans, { columns: 60, rows: 24 });
    expect(chunk).toBe(2 * MiB);
    expect(rows.map((row) => row.map((cell) => cell?.shares[0]?.kind))).toEqual([['hugetlb', 'hugetlb', 'hugetlb', 'hugetlb', 'base']]);
  });

  it('has larger chunks where there is not', () => {
    const room = { columns: 4, rows: 2 };
    expect(pictureOf([span(0, 16 * MiB, 'hugetlb', 2 * MiB)], room).chunk).toBe(2 * MiB);
    expect(pictureOf([span(0, 18 * MiB, 'hugetlb', 2 * MiB)], room).chunk).toBe(4 * MiB);
    expect(pictureOf([span(0, 64 * GiB, 'hugetlb-absent', 2 * MiB)], room).chunk).toBe(8 * GiB);
    expect(pictureOf([span(0, 16 * KiB, 'base', 4 * KiB)], room).chunk).toBe(4 * KiB);
  });

  it('begins a row behind each gap, and only where there are too many of them goes on behind a blank', () => {
    const list = [0, 10, 20].map((page) => span(page * GiB, 2 * GiB, 'hugetlb', GiB));
    const shape = (rows: number): string[] =>
      pictureOf(list, { columns: 5, rows }).rows.map((row) => row.map((cell) => (cell === undefined ? ' ' : 'x')).join(''));
    expect(shape(3)).toEqual(['xx', 'xx', 'xx']);
    expect(shape(2)).toEqual(['xx xx', 'xx']);
  });

  it('reaches the last address of all', () => {
    const top = { start: 2n ** 64n - 4096n, end: 2n ** 64n, kind: 'base', pageSize: 4096, name: '' } as const;
    expect(pictureOf([span(0, 4096, 'base', 4096), top], { columns: 1, rows: 1 }).rows.flat()).toHaveLength(1);
  });

  it('is empty of nothing', () => {
    expect(pictureOf([], { columns: 80, rows: 24 })).toEqual({ chunk: 4096, rows: [], shares: [] });
  });
});
