/** Text for people: tables, sizes, colours. Colours appear only on a terminal, and never with NO_COLOR. */
import { styleText } from 'node:util';
import type { Remedy } from '../host/remedy.js';
import { formatSize, MAX_BYTES } from '../units.js';
import { pasteable, printable } from './printable.js';

/** A heading, on a line of its own. */
export function heading(text: string): string {
  return styleText('bold', text);
}

/** Marks what was checked and held. */
export function good(text: string): string {
  return styleText('green', text);
}

/** Marks what was checked and did not hold. */
export function bad(text: string): string {
  return styleText('red', text);
}

/**
 * Lines of aligned columns below a row of titles, indented.
 *
 * @param left - the columns that are aligned to the left; all others are to the right
 */
export function table(rows: readonly (readonly string[])[], left: readonly number[] = [0]): string[] {
  return aligned(rows, (text, width, column) => (left.includes(column) ? text.padEnd(width) : text.padStart(width)));
}

/** Lines of names and their values, indented. */
export function list(rows: readonly (readonly [name: string, value: string])[]): string[] {
  return aligned(rows, (text, width) => text.padEnd(width));
}

function aligned(rows: readonly (readonly string[])[], pad: (text: string, width: number, column: number) => string): string[] {
  const widths = (rows[0] ?? []).map((_, column) => rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), 0));
  return rows.map((row) => `  ${widths.map((width, column) => pad(row[column] ?? '', width, column)).join('  ')}`.trimEnd());
}

/** Like `formatSize`, with a word for what is no limit: infinite, or more than can be mapped. */
export function formatLimit(bytes: number): string {
  return bytes > MAX_BYTES ? 'unlimited' : formatSize(bytes);
}

/** `[█████     ] 50% of 1GiB` */
export function progressBar(done: number, total: number, width = 40): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * width);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${'█'.repeat(filled)}${' '.repeat(width - filled)}] ${percent}% of ${formatSize(total)}`;
}

/** What mends something, with the command on a line of its own, where it is easily copied. */
export function remedyLines(remedy: Remedy | undefined): string[] {
  if (remedy === undefined) return [];
  const { sentence, command } = remedy;
  if (command === undefined) return [printable(sentence)];
  return [printable(sentence.slice(0, -command.length).trimEnd()), `  ${pasteable(command)}`];
}
