/** Files that were left behind in a mount: they keep their pages, and nobody uses them. */
import { constants } from 'node:fs';
import { lstat, open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { checkBoolean, checkInteger, checkOptions } from '../../arguments.js';
import { HugePagesError } from '../../errors.js';
import { native } from '../../native.js';
import { pathBytes } from '../byte-names.js';
import { existingMount } from './existing-mount.js';
import { filesIn, unlessGone } from './files.js';
import type { MountedFile } from './files.js';
import { holdersOf } from './holders.js';
import type { MountHolders } from './holders.js';
import type { HugetlbfsMount } from './mounts.js';
import { parsePath } from './options.js';

/** A file that no process maps or has open. */
export type Leftover = MountedFile;

/** What {@link leftovers} does. */
export interface LeftoversOptions {
  /** Milliseconds: younger files are left out. Default 0. */
  readonly minAge?: number;
  /** Remove them. */
  readonly remove?: boolean;
}

/** The files that nobody uses. */
export interface Leftovers {
  readonly mount: HugetlbfsMount;
  readonly files: readonly Leftover[];
  /** Whether they are gone. */
  readonly removed: boolean;
  /** Processes that this user may not look into: any of them may use any of the files. */
  readonly unreadable: number;
  /** Whether there may be processes that `/proc` does not show at all, as in `MountHolders`. */
  readonly othersHidden: boolean;
}

/**
 * The files of a hugetlbfs mount that no process maps or has open, and, on request, removes them.
 *
 * Each is removed under an exclusive flock(2) and a write lease, both of which it must get at once: a file stays when another program
 * has locked it, or has begun to use it. The lease is the kernel's own answer to whether anybody has the file open or mapped, also in
 * processes that cannot be looked into, and it keeps others from opening it until it is gone. Where the kernel gives no lease, on the
 * file of another user without CAP_LEASE, a second look at all processes takes its place, if all are seen.
 *
 * @param path - the mount point
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments
 * @throws HugePagesError `ERR_HUGEPAGES_NO_MOUNT` when no hugetlbfs is mounted there; `ERR_HUGEPAGES_PERMISSION` when a file may not be
 *   removed, or it cannot be told whether it is in use; `ERR_HUGEPAGES_SYSTEM` otherwise
 */
export async function leftovers(path: string, options: LeftoversOptions = {}): Promise<Leftovers> {
  const mountPoint = parsePath(path, 'path');
  const given = checkOptions(options, 'options', ['minAge', 'remove']);
  const minAge = given.minAge === undefined ? 0 : checkInteger(given.minAge, 'options.minAge', 0, Number.MAX_SAFE_INTEGER);
  const remove = checkBoolean(given.remove, 'options.remove', false);
  const mount = existingMount(mountPoint);
  const holders = await holdersOf(mount.device);
  const { unreadable, othersHidden } = holders;
  const found = unused(await filesIn(mount.mountPoint, mount.device), holders).filter(({ age }) => age >= minAge);
  return { mount, files: remove ? await removeAll(found, mount) : found, removed: remove, unreadable, othersHidden };
}

function unused(files: readonly Leftover[], { processes }: MountHolders): Leftover[] {
  const used = new Set(processes.flatMap(({ uses }) => uses.map(({ inode }) => inode)));
  return files.filter(({ inode }) => !used.has(inode));
}

/** Below the usual limit of open files. */
const AT_ONCE = 256;

/** Returns those that were removed. */
async function removeAll(files: readonly Leftover[], mount: HugetlbfsMount): Promise<Leftover[]> {
  const removed: Leftover[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    removed.push(...(await removeSome(files.slice(start, start + AT_ONCE), mount)));
  }
  return removed;
}

async function removeSome(files: readonly Leftover[], mount: HugetlbfsMount): Promise<Leftover[]> {
  const held = new Map<Leftover, FileHandle>();
  try {
    for (const file of files) {
      const bytes = pathBytes(file.path);
      const handle = await unlessGone(`open ${file.path}`, file.path, () => open(bytes, constants.O_RDONLY | constants.O_NOFOLLOW));
      if (handle !== undefined) held.set(file, handle);
    }
    const removed: Leftover[] = [];
    for (const file of await exclusive(held, mount)) {
      if (await unlessGone(`remove ${file.path}`, file.path, () => removeFile(file))) removed.push(file);
    }
    return removed;
  } finally {
    for (const handle of held.values()) await handle.close();
  }
}

/** Those of the open files that nobody else has locked, open or mapped, and that nobody can open until they are closed. */
async function exclusive(held: ReadonlyMap<Leftover, FileHandle>, mount: HugetlbfsMount): Promise<Leftover[]> {
  const locked = [...held].filter(([, { fd }]) => native.tryLock(fd));
  const leased = locked.map(([file, { fd }]) => ({ file, alone: tryLease(fd) }));
  const alone = leased.flatMap((candidate) => (candidate.alone === true ? candidate.file : []));
  const untold = leased.flatMap((candidate) => (candidate.alone === undefined ? candidate.file : []));
  if (untold.length === 0) return alone;
  const holders = await holdersOf(mount.device, new Set([...held.values()].map(({ fd }) => fd)));
  if (holders.unreadable > 0 || holders.othersHidden) throw cannotTell(mount, holders);
  return [...alone, ...unused(untold, holders)];
}

/** Undefined where the kernel does not give leases on this file. */
function tryLease(descriptor: number): boolean | undefined {
  try {
    return native.tryLease(descriptor);
  } catch {
    return undefined;
  }
}

/** False when the name is another file's by now. */
async function removeFile({ path, inode }: Leftover): Promise<boolean> {
  if ((await lstat(pathBytes(path))).ino !== inode) return false;
  await unlink(pathBytes(path));
  return true;
}

function cannotTell({ mountPoint }: HugetlbfsMount, { unreadable, othersHidden }: MountHolders): HugePagesError {
  const why = unreadable > 0 ? `${String(unreadable)} processes may not be looked into` : 'not all processes are seen from here';
  return new HugePagesError('ERR_HUGEPAGES_PERMISSION', `Cannot tell whether the files in ${mountPoint} are in use: ${why}`, {
    details: { path: mountPoint, unreadable, othersHidden },
    remedy: 'Run as root with CAP_LEASE, or as the owner of the files',
  });
}
