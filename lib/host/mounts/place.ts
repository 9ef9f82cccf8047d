/** Where a path leads among hugetlbfs mounts, and what is there: what decides whether a file can be made or taken over. */
import { accessSync, constants, lstatSync, statSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoName } from '../../errors.js';
import { deviceName } from './holders.js';
import type { HugetlbfsMount } from './mounts.js';

const HUGETLBFS_MAGIC = 0x958458f6n;

/** A limit of a mount, and what is left of it. */
export interface Room {
  readonly total: number;
  readonly free: number;
}

/** A file, or something that is none. */
export interface Found {
  readonly isFile: boolean;
  readonly byteLength: number;
  readonly allocatedBytes: number;
  /** `EACCES`: why this user may not write to it. */
  readonly refusal: string | undefined;
}

export interface Place {
  /** The path itself, if it is a directory, else the one above. */
  readonly directory: string;
  /** `ENOENT`: why the directory cannot be looked at. */
  readonly obstacle: string | undefined;
  /** Of hugetlbfs; undefined for other file systems. */
  readonly pageSize: number | undefined;
  /** `EROFS`: why nothing can be made there. */
  readonly refusal: string | undefined;
  /** In pages, of a mount with `size`. */
  readonly pages: Room | undefined;
  /** Of a mount with `nr_inodes`, where the kernel says. */
  readonly inodes: Room | undefined;
  /** Of hugetlbfs, where this mount namespace shows it. */
  readonly mount: HugetlbfsMount | undefined;
  /** Pages that the mount has kept for its files by `min_size`, as far as it can be told. */
  readonly keptPages: number;
  /** What the path itself is, unless it is a directory. */
  readonly found: Found | undefined;
}

/** What is there on this machine, at this moment. */
export function placeOf(path: string, mounts: readonly HugetlbfsMount[]): Place {
  const directory = isDirectory(path) ? path : dirname(path);
  const noLimits = { pages: undefined, inodes: undefined, mount: undefined, keptPages: 0 };
  const nothing = { directory, pageSize: undefined, refusal: undefined, ...noLimits };
  try {
    const { type, bsize, blocks, bfree, files, ffree } = statfsSync(directory, { bigint: true });
    const found = directory === path ? undefined : foundAt(path);
    if (type !== HUGETLBFS_MAGIC) return { ...nothing, obstacle: undefined, found };
    const pages = room(blocks, bfree);
    const device = deviceName(statSync(directory).dev);
    const mount = mounts.find((one) => one.device === device);
    return {
      directory,
      obstacle: undefined,
      pageSize: Number(bsize),
      refusal: refusalOf(directory, constants.W_OK | constants.X_OK),
      pages,
      // Without `size` and `min_size` the kernel says nothing of them.
      inodes: blocks === 0n ? undefined : room(files, ffree),
      mount,
      keptPages: keptPages(mount, Number(bsize), pages),
      found,
    };
  } catch (error) {
    return { ...nothing, obstacle: codeOf(error), found: undefined };
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Without a limit statfs(2) says -1, or nothing. */
function room(total: bigint, free: bigint): Room | undefined {
  return total < 1n ? undefined : { total: Number(total), free: Number(free) };
}

function keptPages(mount: HugetlbfsMount | undefined, pageSize: number, pages: Room | undefined): number {
  const used = pages === undefined ? 0 : pages.total - pages.free;
  return Math.max(0, (mount?.minSize ?? 0) / pageSize - used);
}

function foundAt(path: string): Found | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const refusal = refusalOf(path, constants.R_OK | constants.W_OK);
  return { isFile: stat.isFile(), byteLength: stat.size, allocatedBytes: stat.blocks * 512, refusal };
}

function refusalOf(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  const { errno } = error as NodeJS.ErrnoException;
  return errno === undefined ? 'EIO' : errnoName(errno);
}
