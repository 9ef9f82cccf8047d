/** The hugetlbfs mounts as a table. */
import type { HugetlbfsMount } from '../host/mounts/mounts.js';
import { formatSize } from '../units.js';
import { table } from './render.js';

const TITLES = ['mount point', 'page size', 'size', 'reserved', 'files', 'owner', 'mode', ''];

export function renderMounts(found: readonly HugetlbfsMount[]): string[] {
  if (found.length === 0) return ['  none'];
  const limit = (bytes: number | undefined, none: string): string => (bytes === undefined ? none : formatSize(bytes));
  const rows = found.map((mount) => [
    printable(mount.mountPoint),
    limit(mount.pageSize, 'unknown'),
    limit(mount.size, 'unlimited'),
    limit(mount.minSize, 'none'),
    mount.nrInodes === undefined ? 'unlimited' : String(mount.nrInodes),
    `${String(mount.uid)}:${String(mount.gid)}`,
    mount.mode.toString(8),
    remarks(mount).join(', '),
  ]);
  return table([TITLES, ...rows]);
}

function remarks({ root, hidden, options }: HugetlbfsMount): string[] {
  return [
    ...(hidden ? ['hidden by another mount'] : []),
    ...(options.includes('ro') ? ['read-only'] : []),
    ...(root === '/' ? [] : [`its ${printable(root)} only`]),
  ];
}

/** A path without what would move the cursor, or start a new line. */
export function printable(path: string): string {
  return path.replace(/\p{Cc}/gu, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/**
 * A command without what would move the cursor, that does the same when pasted into bash: such characters are within single quotes there,
 * as `quote()` has put them.
 */
export function pasteable(command: string): string {
  const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`;
  return command.replace(/\p{Cc}+/gu, (characters) => `'$'${[...Buffer.from(characters)].map(octal).join('')}''`);
}
