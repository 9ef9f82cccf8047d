/** An address space as the table of `pmap -XX`: the columns are those that this kernel's smaps has. */
import type { AddressSpace, AddressSpaceMapping } from '../../inspect/address-space/address-space.js';
import { KiB } from '../../units.js';
import { printable } from '../printable.js';
import { foldedTable } from '../fold.js';

const FIRST = ['Address', 'Perm', 'Offset', 'Device', 'Inode'] as const;

/**
 * The lines of the table, in KiB; the last one are the totals.
 *
 * @param width - of the terminal: what is wider is folded
 */
export function renderColumns({ mappings, totals }: AddressSpace, width = Infinity): string[] {
  const bytes = namesOf(mappings.map((mapping) => mapping.bytes));
  const numbers = namesOf(mappings.map((mapping) => mapping.numbers));
  const kib = (value: number | undefined): string => (value === undefined ? '' : String(value / KiB));
  const rows = mappings.map((mapping) => [
    ...firstOf(mapping),
    ...bytes.map((name) => kib(mapping.bytes[name])),
    ...numbers.map((name) => String(mapping.numbers[name] ?? '')),
    mapping.flags.join(' '),
    nameOf(mapping),
  ]);
  const titles = [...FIRST, ...bytes, ...numbers, 'VmFlags', 'Mapping'];
  const sums = ['total KiB', ...FIRST.slice(1).map(() => ''), ...bytes.map((name) => kib(totals[name]))];
  return foldedTable([titles, ...rows, sums], width, [0, titles.length - 1]);
}

/** A name, as the kernel shows it, on one line. */
export function nameOf({ path, deleted }: Pick<AddressSpaceMapping, 'path' | 'deleted'>): string {
  return printable(deleted ? `${path} (deleted)` : path);
}

function firstOf({ start, permissions, offset, device, inode }: AddressSpaceMapping): string[] {
  return [start.toString(16), permissions, offset.toString(16).padStart(8, '0'), device, String(inode)];
}

/** In the kernel's order: the last of several kinds of mappings to name one decides nothing. */
function namesOf(figures: readonly Readonly<Record<string, number>>[]): string[] {
  return [...new Set(figures.flatMap((each) => Object.keys(each)))];
}
