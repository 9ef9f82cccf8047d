/** A table that is wider than the terminal. */
import { table } from './render.js';

/** What `table()` puts before each column. */
const GAP = 2;

/** What is left of a name at least, also where the terminal is narrower. */
const LEAST_NAME = 16;

/**
 * The lines of a table of which no cell is cut but the names in its last column: columns that do not fit follow below, each time behind the
 * first column again.
 *
 * @param left - as of `table()`
 */
export function foldedTable(rows: readonly (readonly string[])[], width: number, left: readonly number[]): string[] {
  const last = (rows[0]?.length ?? 0) - 1;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + GAP);
  const first = widths[0] ?? 0;
  let group = [0];
  const groups = [group];
  let used = first;
  for (let column = 1; column <= last; column++) {
    const own = widths[column] ?? 0;
    const least = column === last ? Math.min(own, LEAST_NAME + GAP) : own;
    if (used + least > width && group.length > 1) {
      groups.push((group = [0]));
      used = first;
    }
    group.push(column);
    used += column === last ? 0 : own;
  }
  const room = Math.max(LEAST_NAME, width - used - GAP);
  const cell = (row: readonly string[], column: number): string => shortened(row[column] ?? '', column === last ? room : Infinity);
  return groups.flatMap((columns, index) => {
    const part = rows.map((row) => columns.map((column) => cell(row, column)));
    const leftHere = columns.flatMap((column, place) => (left.includes(column) ? place : []));
    return [...(index === 0 ? [] : ['']), ...table(part, leftHere)];
  });
}

/** The end of a path tells more than its beginning. */
function shortened(name: string, width: number): string {
  return name.length <= width ? name : `…${name.slice(name.length - width + 1)}`;
}
