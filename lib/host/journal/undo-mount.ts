/** Taking back a hugetlbfs mount. */
import { mountedAt } from '../mounts/existing-mount.js';
import { mounts } from '../mounts/mounts.js';
import { unmountSync } from '../mounts/unmount.js';
import type { MountChange } from './change.js';
import type { Undo } from './undo.js';

/** Never unmounts what others mounted, before or since. */
export function undoMount({ mountPoint, id, beneath }: MountChange): Undo {
  const isOurs = (mount: { id: number }): boolean => (id === undefined ? !beneath.includes(mount.id) : mount.id === id);
  const upper = mountedAt(mountPoint);
  if (upper !== undefined && isOurs(upper)) {
    unmountSync(mountPoint);
    return { outcome: 'undone' };
  }
  const covered = mounts().some((mount) => mount.mountPoint === mountPoint && isOurs(mount));
  return covered ? { outcome: 'left', reason: `something else is mounted over ${mountPoint}` } : { outcome: 'unchanged' };
}
