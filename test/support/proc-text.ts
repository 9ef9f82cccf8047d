/** Mappings as they come, and as the kernel writes them into the files of `/proc/PID`. */
import fc from 'fast-check';
import type { Mapping } from '../../lib/inspect/procfs/maps.js';

const MAX_PAGE = 2 ** 35 - 1;

/** Any name without NUL: with newlines, blanks and escapes. Only what could not be told apart is left out. */
export const names = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 30 })
  .map((name) => name.replaceAll('\0', '\n'))
  .filter((name) => !/\\0(12|11|40|75)| \(deleted\)$/.test(name));

const paths = fc.oneof(
  fc.constant(''),
  fc.constantFrom('[heap]', '[stack]', '[anon:name with blanks]', 'anon_inode:[io_uring]'),
  names.map((name) => `/${name}`),
);

const flags = [
  ['r', '-'],
  ['w', '-'],
  ['x', '-'],
  ['s', 'p'],
].map((letters) => fc.constantFrom(...letters));

export const mappings: fc.Arbitrary<Mapping> = fc
  .record({
    page: fc.integer({ min: 0, max: MAX_PAGE }),
    pages: fc.integer({ min: 1, max: 2 ** 20 }),
    permissions: fc.tuple(...flags).map((letters) => letters.join('')),
    offset: fc.integer({ min: 0, max: MAX_PAGE }).map((page) => page * 4096),
    device: fc.stringMatching(/^[1-9a-f]?[0-9a-f]{2}:[1-9a-f]{0,3}[0-9a-f]{2}$/),
    inode: fc.nat(Number.MAX_SAFE_INTEGER),
    path: paths,
    deleted: fc.boolean(),
  })
  .map(({ page, pages, path, deleted, ...rest }) => {
    const start = BigInt(page) * 4096n;
    return { start, end: start + BigInt(pages) * 4096n, ...rest, path, deleted: deleted && path !== '' };
  });

/** A line of maps: `show_map_vma()`. */
export function mapsLine({ start, end, permissions, offset, device, inode, path, deleted }: Mapping): string {
  const address = `${start.toString(16).padStart(8, '0')}-${end.toString(16).padStart(8, '0')}`;
  const head = `${address} ${permissions} ${offset.toString(16).padStart(8, '0')} ${device} ${String(inode)} `;
  // Names begin in a column, but behind a blank at least.
  return path === '' ? head : `${head.padEnd(73)}${path.replaceAll('\n', '\\012')}${deleted ? ' (deleted)' : ''}`;
}
