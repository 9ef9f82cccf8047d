/** A cgroup with hugetlb limits for a child process. */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { CGROUP2, CGROUP_PREFIX } from './cgroup-mount.mjs';

/** `2MB`, `1GB`: how the hugetlb controller names a page size. */
function controllerName(pageSize: number): string {
  const units: [bytes: number, unit: string][] = [
    [2 ** 30, 'GB'],
    [2 ** 20, 'MB'],
    [2 ** 10, 'KB'],
  ];
  const [bytes, unit] = units.find(([size]) => pageSize >= size) ?? [1, 'B'];
  return `${String(pageSize / bytes)}${unit}`;
}

/**
 * Makes a cgroup, with `limits` in bytes such as `{ max: 4194304 }`, and removes it after `use`, which must have ended all processes
 * in it. Puts the hierarchy's controllers back as well. Needs root.
 *
 * @param use - is given the command that runs another one in the cgroup
 */
export function withCgroup<T>(pageSize: number, limits: Readonly<Record<string, number>>, use: (enter: readonly string[]) => T): T {
  if (CGROUP2 === undefined) throw new Error('no cgroup v2 hierarchy');
  const control = `${CGROUP2}/cgroup.subtree_control`;
  const divided = readFileSync(control, 'utf8').split(/\s/).includes('hugetlb');
  if (!divided) writeFileSync(control, '+hugetlb');
  const directory = `${CGROUP2}/${CGROUP_PREFIX}${String(process.pid)}`;
  mkdirSync(directory);
  try {
    for (const [name, bytes] of Object.entries(limits)) {
      writeFileSync(`${directory}/hugetlb.${controllerName(pageSize)}.${name}`, String(bytes));
    }
    return use(['sh', '-c', `echo $$ > ${directory}/cgroup.procs && exec "$@"`, 'sh']);
  } finally {
    rmdirSync(directory);
    if (!divided) writeFileSync(control, '-hugetlb');
  }
}
