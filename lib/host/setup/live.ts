/** The kernel's side as items of a setup: settings, pools, mounts. Always of the running machine. */
import { chmodSync, chownSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { HugePagesError } from '../../errors.js';
import { KiB } from '../../units.js';
import { ensureMount } from '../mounts/mount.js';
import { mountedAt } from '../mounts/existing-mount.js';
import type { MountOptions } from '../mounts/options.js';
import { unmount } from '../mounts/unmount.js';
import { existingPool, persistentPages } from '../pools/pool-state.js';
import { forgetLeftOfPool, setPool } from '../pools/set-pool.js';
import { readSetting, writeSetting } from '../setting.js';
import { fileError } from '../text.js';
import type { RootOptions } from '../text.js';
import type { Item, Value } from './items.js';
import { formatExistingMount, parseMountText, withoutOwner } from './mount-text.js';
import type { PageCounts } from './page-counts.js';
import { formatPageCounts, parsePageCounts } from './page-counts.js';

/** Whether the root is that of the machine whose kernel this is. Another tree has files only. */
export function isRunningMachine({ root = '/' }: RootOptions): boolean {
  return resolve(root) === '/';
}

/** The value of a setting, a pool, a mount or the owner of one; undefined also for what this kernel lacks. */
export function readLiveItem({ kind, path }: Item): Value {
  if (kind === 'setting' || kind === 'overcommit') return readSetting(path, {});
  if (kind === 'pool-pages') return readPages(path);
  if (kind === 'owner') return readOwner(path);
  const mount = mountedAt(path);
  return mount === undefined ? undefined : formatExistingMount(mount);
}

/**
 * @param force - lets pages in use become surplus
 * @param signal - stops the growth of a pool, which is then as it was
 */
export async function writeLiveItem({ kind, path }: Item, value: Value, force: boolean, signal?: AbortSignal): Promise<void> {
  if (kind === 'mount') await writeMount(path, value);
  else if (value === undefined) throw new Error(`${path} cannot be removed`);
  else if (kind === 'setting') writeVerified(path, value);
  else if (kind === 'overcommit') await setPool({ pageSize: pageSizeOf(path), overcommit: Number(value) });
  else if (kind === 'pool-pages') await writePages(path, parsePageCounts(value), force, signal);
  else writeOwner(path, value);
}

/** What setups that were killed have noted in the journal of pools in the record, which says what these were before the first of them. */
export function forgetLeftOf(recorded: readonly Item[]): void {
  const pools = recorded.filter(({ kind }) => kind === 'pool-pages' || kind === 'overcommit');
  for (const pageSize of new Set(pools.map(({ path }) => pageSizeOf(path)))) forgetLeftOfPool(pageSize, {});
}

function writeVerified(path: string, value: string): void {
  writeSetting(path, value, {});
  const now = readSetting(path, {});
  if (now === value) return;
  throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', `This kernel does not take ${value} for ${path}`, { details: { path, now } });
}

function readPages(path: string): Value {
  if (readSetting(path, {}) === undefined) return undefined;
  const pool = existingPool(pageSizeOf(path), {});
  if (pool.perNode.length === 0) return String(persistentPages(pool));
  return formatPageCounts(new Map(pool.perNode.map(({ node }) => [node, persistentPages(pool, node)])));
}

async function writePages(path: string, counts: PageCounts, allowSurplus: boolean, signal?: AbortSignal): Promise<void> {
  const pageSize = pageSizeOf(path);
  const pages = counts.get(undefined);
  const change = pages === undefined ? { nodes: Object.fromEntries(counts as ReadonlyMap<number, number>) } : { pages };
  await setPool({ pageSize, ...change, allowSurplus }, signal === undefined ? {} : { signal });
}

/** `/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages` → 2097152 */
function pageSizeOf(path: string): number {
  return Number(/-(\d+)kB\//.exec(path)?.[1]) * KiB;
}

/** What `formatMount()` writes has all of these. */
type OwnedMount = MountOptions & { uid: number; gid: number; mode: string };

// Only the owner can be changed as long as it is mounted.
async function writeMount(path: string, value: Value): Promise<void> {
  const existing = mountedAt(path);
  const wanted = value === undefined ? undefined : (parseMountText(path, value) as OwnedMount);
  const same = existing !== undefined && value !== undefined && withoutOwner(formatExistingMount(existing)) === withoutOwner(value);
  if (existing !== undefined && !same) await unmount(path);
  if (wanted === undefined) return;
  if (same) writeOwner(path, formatOwner(wanted.uid, wanted.gid, parseInt(wanted.mode, 8)));
  else ensureMount(wanted);
}

// Not of the directory beneath, once it is unmounted.
function readOwner(path: string): Value {
  if (mountedAt(path) === undefined) return undefined;
  const { uid, gid, mode } = statSync(path);
  return formatOwner(uid, gid, mode);
}

/** `1000:1000 0770` */
export function formatOwner(uid: number, gid: number, mode: number): string {
  return `${String(uid)}:${String(gid)} ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
}

function writeOwner(path: string, value: string): void {
  const [uid = NaN, gid = NaN] = value.split(/[: ]/, 2).map(Number);
  try {
    chownSync(path, uid, gid);
    chmodSync(path, parseInt(value.split(' ')[1] ?? '', 8));
  } catch (error) {
    throw fileError(`Could not change the owner of ${path}`, path, error, 'Run as root');
  }
}
