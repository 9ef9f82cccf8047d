/** A table in a narrow terminal: whole columns give way, and of the last one its text. A number is never cut. */
import { table } from '../render.js';

/** Of the last column that much is to be seen before others give way. */
const ROOM = 12;

/**
 * A table below its titles, with what is not shown in a line below.
 *
 * @param left - the columns that are aligned to the left
 * @param dispensable - those that give way, the first one first
 * @param width - of the terminal
 */
export function fittedTable(
  rows: readonly (readonly string[])[],
  left: readonly number[],
  dispensable: readonly number[],
  width: number,
): string[] {
  const [titles = []] = rows;
  const all = [...titles.keys()];
  const widths = all.map((column) => rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), 0));
  const textAt = (columns: readonly number[]): number => columns.slice(0, -1).reduce((sum, column) => sum + (widths[column] ?? 0) + 2, 2);

  let gone: readonly number[] = [];
  let shown = all;
  while (textAt(shown) + ROOM > width && gone.length < dispensable.length) {
    gone = dispensable.slice(0, gone.length + 1);
    shown = all.filter((column) => !gone.includes(column));
  }
  const lines = table(
    rows.map((row) => shown.map((column) => row[column] ?? '')),
    left.map((column) => shown.indexOf(column)),
  );
  const cut = Math.max(width, textAt(shown));
  return [
    ...lines.map((line) => line.slice(0, cut).trimEnd()),
    ...(gone.length === 0 ? [] : [`Too narrow for: ${gone.map((column) => titles[column]).join(', ')}`]),
  ];
}
