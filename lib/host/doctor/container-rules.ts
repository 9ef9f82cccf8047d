/** Whether what the other findings say can be mended from here. */
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';

export function containerFindings({ container, pools }: Facts): Finding[] {
  const { kind, readOnlySysfs, otherMountNamespace } = container;
  const inside = kind === undefined ? 'This is no container' : `This is a container (${kind})`;
  if (readOnlySysfs && pools.length > 0) {
    return [
      {
        id: 'container',
        level: 'advice',
        title: `${inside}, and /sys is read-only`,
        detail: 'The pools and transparent huge pages of the machine are seen here, and changed outside.',
        remedy: { sentence: 'Paste what writes to /sys on the host, and give the container a hugetlbfs mount of it', needsRoot: true },
      },
    ];
  }
  if (kind === undefined && otherMountNamespace !== true) return [];
  const ownMounts = 'This process has mounts of its own: one made here is not seen outside';
  const title = kind === undefined ? ownMounts : inside;
  return [{ id: 'container', level: 'ok', title, detail: 'What is shown of the machine here may not be all.' }];
}
