/** Where the cgroups of a process are in the file system: `man 7 cgroups`. */
import { posix } from 'node:path';
import { covers } from './mounts/covers.js';
import type { MountEntry } from './mounts/mountinfo.js';

/** A line of `/proc/PID/cgroup`. */
export interface CgroupMembership {
  /** Of a version 1 hierarchy; none for version 2, which has whatever version 1 left it. */
  readonly controllers: readonly string[];
  readonly version: 1 | 2;
  readonly path: string;
}

/** The hierarchy that has a controller, and the process's way up in it. */
export interface CgroupHierarchy {
  readonly version: 1 | 2;
  /** Of the hierarchy: `rw`, `memory_hugetlb_accounting`. */
  readonly mountOptions: readonly string[];
  /** Whether it is mounted read-only here. */
  readonly readOnly: boolean;
  /** The process's cgroup first, then those above it, up to the root of the mount. */
  readonly levels: readonly { readonly path: string; readonly directory: string }[];
}

/** The text of `/proc/PID/cgroup`. */
export function parseCgroups(text: string): CgroupMembership[] {
  return text.split('\n').flatMap((line) => {
    // The path may hold colons.
    const [, hierarchy, names, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (names === undefined || path === undefined) return [];
    return { controllers: names === '' ? [] : names.split(','), version: hierarchy === '0' ? 2 : 1, path };
  });
}

/** The hierarchy that would have `controller`: the version 1 hierarchy of that name, otherwise version 2. */
export function findHierarchy(
  controller: string,
  memberships: readonly CgroupMembership[],
  mounts: readonly MountEntry[],
): CgroupHierarchy | undefined {
  const membership =
    memberships.find(({ controllers }) => controllers.includes(controller)) ?? memberships.find(({ version }) => version === 2);
  if (membership === undefined) return undefined;
  const { version, path } = membership;
  const isCovered = covers(mounts);
  const [mount] = mounts
    .filter(({ type, superOptions }) => (version === 2 ? type === 'cgroup2' : type === 'cgroup' && superOptions.includes(controller)))
    .filter(({ root }) => isWithin(path, root))
    .filter((entry) => !isCovered(entry))
    // A bind mount of a part of the hierarchy shows fewer levels.
    .sort((a, b) => a.root.length - b.root.length);
  if (mount === undefined) return undefined;
  const { root, mountPoint, options, superOptions } = mount;
  const readOnly = [...options, ...superOptions].includes('ro');
  return { version, mountOptions: superOptions, readOnly, levels: levels(path, root, mountPoint) };
}

// In a cgroup namespace a path may lead above its root, `/..`, to where no mount does.
function isWithin(path: string, root: string): boolean {
  const isAbove = path === '/..' || path.startsWith('/../');
  return root === '/' ? !isAbove : path === root || path.startsWith(`${root}/`);
}

function levels(path: string, root: string, mountPoint: string): CgroupHierarchy['levels'] {
  const level = { path, directory: posix.join(mountPoint, posix.relative(root, path)) };
  return path === root || path === '/' ? [level] : [level, ...levels(posix.dirname(path), root, mountPoint)];
}
