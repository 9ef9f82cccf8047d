/** Mounts in the words of mount(8): `pagesize=2M,uid=1000,mode=0770`. */
import { lstatSync } from 'node:fs';
import { invalidArgValue } from '../../errors.js';
import { GiB, KiB, MiB } from '../../units.js';
import type { HugetlbfsMount } from '../mounts/mounts.js';
import type { MountPlan, ParsedMount } from './plan.js';

const NAMES = {
  pagesize: 'pageSize',
  size: 'size',
  min_size: 'minSize',
  nr_inodes: 'nrInodes',
  uid: 'uid',
  gid: 'gid',
  mode: 'mode',
} as const satisfies Record<string, keyof MountPlan>;

/** What is undefined has no limit, or the kernel's default. */
type MountValues = Pick<ParsedMount, 'pageSize'> & Partial<Record<Exclude<keyof ParsedMount, 'path' | 'pageSize'>, number | undefined>>;

/** All options, also the owner and mode that are the default. */
export function formatMount({ pageSize, size, minSize, nrInodes, uid = 0, gid = 0, mode = 0o755 }: MountValues): string {
  const values: Record<keyof typeof NAMES, string | number | undefined> = {
    pagesize: kernelSize(pageSize),
    size: size === undefined ? undefined : kernelSize(size),
    min_size: minSize === undefined ? undefined : kernelSize(minSize),
    nr_inodes: nrInodes,
    uid,
    gid,
    mode: mode.toString(8).padStart(4, '0'),
  };
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${String(value)}`]))
    .join(',');
}

/** {@link formatMount} of a mount that is there, with the owner that its root has now. */
export function formatExistingMount({ pageSize = 0, size, minSize, nrInodes, mountPoint }: HugetlbfsMount): string {
  const { uid, gid, mode } = lstatSync(mountPoint);
  return formatMount({ pageSize, size, minSize, nrInodes, uid, gid, mode: mode & 0o7777 });
}

/** The part of {@link formatMount} that stays as long as it is mounted. */
export function withoutOwner(text: string): string {
  return text.replace(/,uid=.*/, '');
}

/**
 * The opposite of {@link formatMount}; numbers where they are written in decimal digits.
 *
 * @throws TypeError `ERR_INVALID_ARG_VALUE` for an option that hugetlbfs lacks, or that has no value
 */
export function parseMountText(path: string, text: string): MountPlan {
  const options = text.split(',').filter((option) => option !== '');
  const fields = options.map((option) => {
    const [name = '', value] = option.split('=', 2);
    if (!Object.hasOwn(NAMES, name) || value === undefined) {
      throw invalidArgValue('mount', `takes options such as pagesize=2MiB: ${Object.keys(NAMES).join(', ')}`, option);
    }
    const field = NAMES[name as keyof typeof NAMES];
    const isNumber = ['nrInodes', 'uid', 'gid'].includes(field) && /^\d+$/.test(value);
    return [field, isNumber ? Number(value) : value];
  });
  return { path, ...(Object.fromEntries(fields) as Partial<MountPlan>) };
}

/** `minSize` → `min_size`; a field that is no option, as it is. */
export function mountOptionOf(field: string): string {
  return Object.entries(NAMES).find(([, name]) => name === field)?.[0] ?? field;
}

/** `2097152` → `2M`, as the kernel reads sizes in options. */
export function kernelSize(bytes: number): string {
  const units = [
    [GiB, 'G'],
    [MiB, 'M'],
    [KiB, 'K'],
  ] as const;
  const [unit, name] = units.find(([size]) => bytes >= size && bytes % size === 0) ?? [1, ''];
  return `${String(bytes / unit)}${name}`;
}
