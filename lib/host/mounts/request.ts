/** A mount that is wanted, in the kernel's words, as a command, and compared with one that is there. */
import { lstatSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { formatSize } from '../../units.js';
import { sudo } from '../remedy.js';
import { octal } from '../byte-names.js';
import { fileError } from '../text.js';
import type { HugetlbfsMount } from './mounts.js';
import type { Amount, MountRequest } from './options.js';

/** One option of a mount that is not what was asked for: bytes, counts, user and group numbers, mode bits. */
export interface MountDifference {
  readonly option: 'pageSize' | 'size' | 'minSize' | 'nrInodes' | 'uid' | 'gid' | 'mode';
  readonly wanted: number;
  /** Undefined: it has no limit, or the kernel does not say. */
  readonly found: number | undefined;
}

/** `pagesize=2097152,size=50%,mode=1770` */
export function kernelOptions({ pool, size, minSize, nrInodes, uid, gid, mode }: MountRequest): string {
  const values: [name: string, value: string | number | undefined][] = [
    ['pagesize', pool.pageSize],
    ['size', size?.text],
    ['min_size', minSize?.text],
    ['nr_inodes', nrInodes],
    ['uid', uid],
    ['gid', gid],
    ['mode', mode?.toString(8)],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${String(value)}`])).join(',');
}

/** What does the same when pasted into a shell. */
export function mountCommand(request: MountRequest): string {
  const path = quote(request.path);
  return `${sudo()}mkdir -p ${path} && ${sudo()}mount -t hugetlbfs -o nosuid,nodev,${kernelOptions(request)} hugetlbfs ${path}`;
}

/** A word of a shell's command line; of bash's, where a name is not valid UTF-8. */
export function quote(word: string): string {
  if (/^[\w./:=,@%+-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''").replaceAll(/[\udc80-\udcff]+/gu, (bytes) => `'$'${octal(bytes)}''`)}'`;
}

/** What was asked for and is not so. What was not asked for may be anything, except the page size. */
export function differences(request: MountRequest, mount: HugetlbfsMount): MountDifference[] {
  const { pageSize } = request.pool;
  const bytes = (amount: Amount | undefined): number | undefined => (amount === undefined ? undefined : amount.pages * pageSize);
  // Not those that it was mounted with: chown and chmod may have changed them, and they are what counts.
  const { uid, gid, mode } = statOf(request.path);
  const compared: [option: MountDifference['option'], wanted: number | undefined, found: number | undefined][] = [
    ['pageSize', pageSize, mount.pageSize],
    ['size', bytes(request.size), mount.size],
    ['minSize', bytes(request.minSize), mount.minSize ?? 0],
    ['nrInodes', request.nrInodes, mount.nrInodes],
    ['uid', request.uid, uid],
    ['gid', request.gid, gid],
    ['mode', request.mode, mode & 0o7777],
  ];
  return compared.flatMap(([option, wanted, found]) => (wanted === undefined || wanted === found ? [] : [{ option, wanted, found }]));
}

function statOf(path: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw fileError(`Could not look at ${path}`, path, error);
  }
}

/** `size is 4MiB and not 8MiB` */
export function describeDifference({ option, wanted, found }: MountDifference): string {
  const text = (value: number | undefined): string => {
    if (value === undefined) return 'unlimited';
    if (option === 'mode') return value.toString(8);
    return option === 'nrInodes' || option === 'uid' || option === 'gid' ? String(value) : formatSize(value);
  };
  return `${option} is ${text(found)} and not ${text(wanted)}`;
}
