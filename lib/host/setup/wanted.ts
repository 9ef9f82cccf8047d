/** The things that a plan wants, in the order in which they are made. */
import { dirname } from 'node:path';
import { HugePagesError } from '../../errors.js';
import { mountedAt } from '../mounts/existing-mount.js';
import { ensureMount } from '../mounts/mount.js';
import type { MountDifference } from '../mounts/request.js';
import { pagesFile } from '../pools/pools.js';
import { setThp, thpFile } from '../set-thp.js';
import type { ThpChange } from '../set-thp.js';
import { DIRECTORY } from './files.js';
import { findItem } from './items.js';
import type { RecordedItem, WantedItem } from './items.js';
import { formatOwner } from './live.js';
import { formatExistingMount, formatMount, withoutOwner } from './mount-text.js';
import { formatPageCounts } from './page-counts.js';
import type { ParsedMount, ParsedPlan } from './plan.js';
import { mountUnitText, overcommitFile, SERVICE, serviceText, SYSCTL, sysctlText } from './texts.js';
import { mountUnitName } from './unit-name.js';

/** Where the administrator's units are. */
export const UNITS = '/etc/systemd/system';

/** Files that make the plan permanent. */
export function wantedFiles(plan: ParsedPlan): WantedItem[] {
  const sysctl = sysctlText(plan);
  const service = serviceText(plan);
  const files = [
    ...(sysctl === undefined ? [] : [file(SYSCTL, sysctl)]),
    ...(service === undefined ? [] : enabledUnit(SERVICE, service, 'sysinit.target')),
    ...plan.mounts.flatMap((mount) => enabledUnit(mountUnitName(mount.path), mountUnitText(mount), 'local-fs.target')),
  ];
  const directories = new Set(files.flatMap(({ path }) => ancestors(dirname(path))));
  return [...[...directories].map(directory), ...files];
}

/**
 * What the plan is on the running machine.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_MOUNTED`, `ERR_HUGEPAGES_MOUNT_POINT`, `ERR_HUGEPAGES_UNSUPPORTED`
 */
export function wantedLive(plan: ParsedPlan, record: readonly RecordedItem[]): WantedItem[] {
  const { pools, shmGroup, thp, mounts } = plan;
  setThp(thp, { dryRun: true }); // throws what the kernel lacks
  return [
    ...(shmGroup === undefined ? [] : [setting('/proc/sys/vm/hugetlb_shm_group', shmGroup)]),
    ...(Object.entries(thp) as [keyof ThpChange, string][]).map(([name, word]) => setting(thpFile(name), word)),
    ...pools.flatMap(({ pageSize, overcommit }) => {
      if (overcommit === undefined) return [];
      return [{ kind: 'overcommit', path: overcommitFile(pageSize), value: String(overcommit) } as const];
    }),
    ...pools.flatMap(({ pageSize, pages }) => {
      if (pages === undefined) return [];
      const value = formatPageCounts(typeof pages === 'number' ? new Map([[undefined, pages]]) : pages);
      return [{ kind: 'pool-pages', path: pagesFile(pageSize), value } as const];
    }),
    ...mounts.flatMap((mount) => wantedMount(mount, record)),
  ];
}

/** As `systemctl enable` does it, which works also where systemd does not run. */
function enabledUnit(name: string, text: string, wantedBy: string): WantedItem[] {
  const path = `${UNITS}/${name}`;
  return [file(path, text), { kind: 'link', path: `${UNITS}/${wantedBy}.wants/${name}`, value: path }];
}

/**
 * A mount that others made is taken as it is, and at most changes its owner: systemd itself mounts /dev/hugepages.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_MOUNTED`, `ERR_HUGEPAGES_MOUNT_POINT`
 */
function wantedMount(mount: ParsedMount, record: readonly RecordedItem[]): WantedItem[] {
  const { path, uid = 0, gid = 0, mode = 0o755 } = mount;
  const item = { kind: 'mount', path, value: formatMount(mount) } as const;
  const owner = { kind: 'owner', path, value: formatOwner(uid, gid, mode) } as const;
  const there = mountedAt(path);
  const ours = findItem(record, item)?.ours.map(withoutOwner) ?? [];
  if (there === undefined) ensureMount({ ...mount, dryRun: true }); // throws what cannot be mounted on
  else if (!ours.includes(withoutOwner(formatExistingMount(there)))) {
    const changesOwner = findItem(record, owner) !== undefined || mountDifferences(mount).length > 0;
    return changesOwner ? [owner] : [];
  }
  return [...ancestors(path).map(directory), item];
}

/** Differences in the owner alone; any other one throws. */
function mountDifferences(mount: ParsedMount): MountDifference[] {
  try {
    ensureMount({ ...mount, dryRun: true });
    return [];
  } catch (error) {
    const found = error instanceof HugePagesError && error.code === 'ERR_HUGEPAGES_MOUNTED' ? error.details['differences'] : undefined;
    const differences = (found ?? []) as MountDifference[];
    if (differences.length === 0 || !differences.every(({ option }) => ['uid', 'gid', 'mode'].includes(option))) throw error;
    return differences;
  }
}

function setting(path: string, value: number | string): WantedItem {
  return { kind: 'setting', path, value: String(value) };
}

function file(path: string, value: string): WantedItem {
  return { kind: 'file', path, value };
}

function directory(path: string): WantedItem {
  return { kind: 'directory', path, value: DIRECTORY };
}

/** `/etc/sysctl.d` → `/etc`, `/etc/sysctl.d` */
function ancestors(path: string): string[] {
  return path === '/' ? [] : [...ancestors(dirname(path)), path];
}
