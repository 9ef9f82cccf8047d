/** What `hugepages mount` says to people. */
import type { MountHolders } from '../../host/mounts/holders.js';
import type { Leftovers } from '../../host/mounts/leftovers.js';
import type { MountResult } from '../../host/mounts/mount.js';
import type { UnmountResult } from '../../host/mounts/unmount.js';
import type { MountUsage, Quota } from '../../host/mounts/usage.js';
import { formatSize } from '../../units.js';
import { pasteable, printable } from '../printable.js';
import { renderMounts } from '../render-mounts.js';
import { list, table } from '../render.js';

export function renderMounted({ mount, mounted, command }: MountResult): string[] {
  if (mount === undefined) return ['Nothing is mounted there. This would:', `  ${pasteable(command)}`];
  return [mounted ? 'Mounted:' : 'Mounted already, as it should be:', ...renderMounts([mount])];
}

export function renderUnmounted({ mount, unmounted, command }: UnmountResult): string[] {
  if (!unmounted) return ['This would unmount it, unless it is in use:', `  ${pasteable(command)}`];
  return [`Unmounted ${printable(mount.mountPoint)}; the directory stays`];
}

export function renderUsage({ pageSize, pages, inodes }: MountUsage): string[] {
  const of = (quota: Quota | undefined, size?: number): string => {
    if (quota === undefined) return 'no limit of its own';
    const used = quota.used === undefined ? 'an unknown number' : String(quota.used);
    const bytes = size === undefined ? '' : ` (${formatSize((quota.used ?? 0) * size)} of ${formatSize(quota.total * size)})`;
    return `${used} of ${String(quota.total)} used${bytes}`;
  };
  return list([
    [`pages of ${formatSize(pageSize)}`, of(pages, pageSize)],
    ['inodes', of(inodes)],
  ]);
}

export function renderHolders({ processes, ...others }: MountHolders): string[] {
  const rows = processes.flatMap(({ pid, command, uses }) =>
    uses.map(({ kind, path }): [string, string] => [`${String(pid)} ${printable(command)}`, `${kind} ${printable(path)}`]),
  );
  return [...(rows.length === 0 ? ['No process that is seen here uses it'] : list(rows)), ...unseen(others)];
}

export function renderLeftovers({ files, removed, ...others }: Leftovers): string[] {
  if (files.length === 0) return ['There are none', ...unseen(others)];
  const hidden = unseen(others);
  const rows = files.map(({ path, allocatedBytes, age }) => [printable(path), formatSize(allocatedBytes), formatAge(age)]);
  const bytes = files.reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0);
  const total = `${countText(files.length, 'file', 'files')}, ${formatSize(bytes)}`;
  const summary = removed ? `Removed ${total}` : `${total}, used by no process${hidden.length > 0 ? ' that can be looked into' : ''}`;
  return [...table([['file', 'size', 'age'], ...rows]), summary, ...hidden];
}

/** `1 file`, `2 files` */
function countText(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

function unseen({ unreadable, othersHidden }: Pick<MountHolders, 'unreadable' | 'othersHidden'>): string[] {
  return [
    ...(unreadable > 0 ? [`${countText(unreadable, 'process', 'processes')} may not be looked into`] : []),
    ...(othersHidden ? ['Processes outside of this PID namespace, or hidden by hidepid, are not seen'] : []),
  ];
}

const AGE_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** `3h`, in the largest unit that fits. */
function formatAge(milliseconds: number): string {
  const [unit, length] = AGE_UNITS.find(([, candidate]) => milliseconds >= candidate) ?? ['s', 1000];
  return `${String(Math.floor(milliseconds / length))}${unit}`;
}
