/** Whether files on huge pages can be made. */
import { formatSize } from '../../units.js';
import { quote } from '../mounts/request.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { rootRemedy } from '../remedy.js';
import type { Remedy } from '../remedy.js';
import type { Facts, ReachableMount } from './facts.js';
import type { Finding } from './finding.js';
import { isInUse } from './pool-rules.js';

/** One finding for each pool that has pages. */
export function mountFindings(facts: Facts): Finding[] {
  return facts.pools.filter(isInUse).map((pool) => ({ id: `mount:${formatSize(pool.pageSize)}`, ...state(pool, facts) }));
}

function state(pool: PoolSnapshot, { mounts, limits }: Facts): Omit<Finding, 'id'> {
  const { pageSize, isDefault } = pool;
  const name = formatSize(pageSize);
  const found = mounts.filter((mount) => mount.pageSize === pageSize);
  const usable = found.find((mount) => mount.writable && hasRoom(mount, pageSize));
  if (usable !== undefined) {
    return { level: 'ok', title: `${usable.mountPoint} has ${name} pages`, detail: 'Files on it can be made by this user.' };
  }
  const [mount] = found;
  if (mount === undefined) {
    const mountPoint = isDefault ? '/dev/hugepages' : `/dev/hugepages-${name}`;
    const commands = [`mkdir -p ${mountPoint}`, mountCommand(pageSize, mountPoint)];
    return {
      level: 'advice',
      title: `No hugetlbfs is mounted with ${name} pages`,
      detail: 'Named files on huge pages cannot be made, as DPDK and QEMU do. Regions of this library need none.',
      remedy: mountRemedy('Mount one', commands, limits),
    };
  }
  const path = quote(mount.mountPoint);
  if (!mount.writable) {
    const readOnly = mount.options.includes('ro');
    const group = [`chgrp ${String(limits.groups[0] ?? limits.uid)} ${path}`, `chmod g+rwx ${path}`];
    return {
      level: 'advice',
      title: `${mount.mountPoint} has ${name} pages, and cannot be written to`,
      detail: readOnly ? 'It is mounted read-only.' : `User ${String(limits.uid)} may make no files in it.`,
      remedy: readOnly
        ? mountRemedy('Mount it writable', [`mount -o remount,rw ${path}`], limits)
        : rootRemedy('Give it to a group of this user', group),
    };
  }
  return {
    level: 'advice',
    title: `${mount.mountPoint} has ${name} pages, and room for none`,
    detail: `Its size is ${formatSize(mount.size ?? 0)}.`,
    // The kernel takes a remount with another size for granted, and changes nothing.
    remedy: mountRemedy('Mount it again without a size', [`umount ${path}`, mountCommand(pageSize, path)], limits),
  };
}

function mountCommand(pageSize: number, path: string): string {
  return `mount -t hugetlbfs -o nosuid,nodev,pagesize=${String(pageSize)} hugetlbfs ${path}`;
}

/** mount(2) takes CAP_SYS_ADMIN, which root of a container lacks as a rule. */
function mountRemedy(sentence: string, commands: readonly string[], { uid, capabilities }: Facts['limits']): Remedy {
  if (uid !== 0 || capabilities.sysAdmin) return rootRemedy(sentence, commands);
  return { sentence: `${sentence} from outside, and give it to the container: root has no CAP_SYS_ADMIN here`, needsRoot: true };
}

function hasRoom({ size = Infinity }: ReachableMount, pageSize: number): boolean {
  return size >= pageSize;
}
