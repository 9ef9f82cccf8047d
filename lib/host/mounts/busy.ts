/** Why a mount cannot be unmounted now. */
import { HugePagesError } from '../../errors.js';
import { sudo } from '../remedy.js';
import { readText } from '../text.js';
import type { MountHolder, MountHolders } from './holders.js';
import { parseMountinfo } from './mountinfo.js';
import type { HugetlbfsMount } from './mounts.js';
import { quote } from './request.js';

/** The error for umount2(2)'s EBUSY, with those who use the mount where they are known. */
export function busy(mount: HugetlbfsMount, error: NodeJS.ErrnoException, holders?: MountHolders): HugePagesError {
  const { id, mountPoint } = mount;
  const mountsBelow = parseMountinfo(readText('/proc/self/mountinfo', {}) ?? '')
    .filter(({ parent }) => parent === id)
    .map((entry) => entry.mountPoint);
  const used = holders === undefined ? '' : usedBy(holders);
  return new HugePagesError('ERR_HUGEPAGES_BUSY', `Could not unmount ${mountPoint}${used}`, {
    errno: error.errno,
    syscall: error.syscall,
    details: { path: mountPoint, mountsBelow, ...holders },
    remedy: remedy(mountPoint, mountsBelow, holders?.processes),
    cause: error,
  });
}

function remedy(mountPoint: string, mountsBelow: readonly string[], holders: readonly MountHolder[] = []): string {
  if (mountsBelow.length > 0) return `Unmount first what is mounted below: ${mountsBelow.map(quote).join(', ')}`;
  const others = holders.filter(({ pid }) => pid !== process.pid);
  const own = "Dispose this process's regions there, and close its files";
  if (others.length < holders.length) return others.length > 0 ? `${own}; stop the others first` : own;
  if (others.length > 0) return 'Stop them first';
  return `See who uses it, and stop them: ${sudo()}hugepages mount holders ${quote(mountPoint)}`;
}

/** How many processes a message names. */
const NAMED = 3;

function usedBy({ processes, unreadable, othersHidden }: MountHolders): string {
  const named = processes.slice(0, NAMED).map(describeHolder);
  const more = processes.length > NAMED ? [`${String(processes.length - NAMED)} more`] : [];
  const unseen = unreadable > 0 ? ['perhaps some that may not be looked into'] : [];
  const hidden = othersHidden ? ['perhaps some that cannot be seen from here'] : [];
  const by = [...named, ...more, ...unseen, ...hidden].join(', ');
  return by === '' ? '' : `, which is used by ${by}`;
}

/** `node (pid 12, mapped: /mnt/huge/f)` */
function describeHolder({ pid, command, uses: [first] }: MountHolder): string {
  return `${command} (pid ${String(pid)}${first === undefined ? '' : `, ${first.kind}: ${first.path}`})`;
}
