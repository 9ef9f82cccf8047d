/** Taking back a hugetlbfs mount. */
import { readText } from '../text.js';
import type { RootOptions } from '../text.js';
import type { MountChange } from './change.js';
import type { Undo } from './undo.js';

export function undoMount({ mountPoint, id, beneath }: MountChange, options: RootOptions): Undo {
  const ids = mountIds(readText('/proc/self/mountinfo', options) ?? '', mountPoint);
  const ours = ids.filter((other) => (id === undefined ? !beneath.includes(other) : other === id));
  if (ours.length === 0) return { outcome: 'unchanged' };
  return { outcome: 'left', reason: `unmount it yourself: umount ${mountPoint}` };
}

/** The ids of the hugetlbfs mounts at one place, the topmost last. */
function mountIds(mountinfo: string, mountPoint: string): number[] {
  const escaped = mountPoint.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields[4] === escaped && fields[fields.indexOf('-') + 1] === 'hugetlbfs')
    .map(([first]) => Number(first));
}
