/** A cgroup with hugetlb limits for a child process. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { CGROUP2, CGROUP_PREFIX } from './cgroup-mount.mjs';

/** `2MB`, `1GB`: how the hugetlb controller names a page size. */
export function controllerName(pageSize: number): string {
  const units: [bytes: number, unit: string][] = [
    [2 ** 30, 'GB'],
    [2 ** 20, 'MB'],
    [2 ** 10, 'KB'],
  ];
  const [bytes, unit] = units.find(([size]) => pageSize >= size) ?? [1, 'B'];
  return `${String(pageSize / bytes)}${unit}`;
}

/** A cgroup of a test, with the hugetlb controller. */
export interface TestCgroup {
  readonly directory: string;
  /** The command that runs another one in it. */
  readonly enter: readonly string[];
  /** A cgroup below it. From then on no process can be in this one: version 2 has them in the leaves. */
  divide(name: string): TestCgroup;
  /** All processes in it must have ended. */
  remove(): void;
}

function cgroupBelow(parent: string, name: string): TestCgroup {
  const control = `${parent}/cgroup.subtree_control`;
  const divided = readFileSync(control, 'utf8').split(/\s/).includes('hugetlb');
  if (!divided) writeFileSync(control, '+hugetlb');
  const directory = `${parent}/${name}`;
  mkdirSync(directory);
  return {
    directory,
    enter: ['sh', '-c', `echo $$ > ${directory}/cgroup.procs && exec "$@"`, 'sh'],
    divide: (child) => cgroupBelow(directory, child),
    remove: () => {
      if (existsSync(directory)) rmdirSync(directory);
      if (!divided) writeFileSync(control, '-hugetlb');
    },
  };
}

/** Makes a cgroup below the root. Removing it puts the hierarchy's controllers back as well. Needs root. */
export function makeCgroup(): TestCgroup {
  if (CGROUP2 === undefined) throw new Error('no cgroup v2 hierarchy');
  return cgroupBelow(CGROUP2, `${CGROUP_PREFIX}${String(process.pid)}`);
}

/**
 * Makes a cgroup, with `limits` in bytes such as `{ max: 4194304 }`, and removes it after `use`. Needs root.
 *
 * @param use - is given the command that runs another one in the cgroup
 */
export function withCgroup<T>(pageSize: number, limits: Readonly<Record<string, number>>, use: (enter: readonly string[]) => T): T {
  const cgroup = makeCgroup();
  try {
    for (const [name, bytes] of Object.entries(limits)) {
      writeFileSync(`${cgroup.directory}/hugetlb.${controllerName(pageSize)}.${name}`, String(bytes));
    }
    return use(cgroup.enter);
  } finally {
    cgroup.remove();
  }
}
