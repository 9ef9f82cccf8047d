/** The hugetlbfs mounts as a table. */
import type { HugetlbfsMount } from '../host/mounts/mounts.js';
import { formatSize } from '../units.js';
import { printable } from './printable.js';
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
