/** From {@link MountOptions} to a request: every argument checked, every default filled in, before anything is changed. */
import { resolve } from 'node:path';
import { checkBoolean, checkInteger, checkOptions } from '../../arguments.js';
import { HugePagesError, invalidArgType, invalidArgValue, outOfRange } from '../../errors.js';
import { formatSize, parseSize } from '../../units.js';
import type { Size } from '../../units.js';
import { memoryState } from '../memory.js';
import { growRemedy } from '../pools/grow-remedy.js';
import { pools } from '../pools/pools.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { existingPool, persistentPages } from '../pools/pool-state.js';

/** What `mount()` and `ensureMount()` are asked. */
export interface MountOptions {
  /** The directory to mount on, which is made where it is missing. No symbolic link, and empty. */
  readonly path: string;
  /** Size of the pages of its files. Default: that of the machine's default pool. */
  readonly pageSize?: Size;
  /** The most that its files may hold: whole pages, or a percentage such as `'50%'` of the pool's persistent pages as they are now. */
  readonly size?: Size;
  /** What is taken from the pool and kept for its files as long as it is mounted; like `size`, and not more. */
  readonly minSize?: Size;
  /** The most files and directories, with its root: at least 1. */
  readonly nrInodes?: number;
  /** Owner of its root. Default: the effective user. */
  readonly uid?: number;
  /** Group of its root. Default: the effective group. */
  readonly gid?: number;
  /** Permissions of its root, as in `fs.chmod`: up to `0o1777`, or a string of octal digits. Default `0o755`. */
  readonly mode?: number | string;
  /** Check and say what would be done, and do nothing. Needs no root. */
  readonly dryRun?: boolean;
}

/** Pages, and how the kernel is told. */
export interface Amount {
  readonly pages: number;
  /** `1073741824` or `50%`. */
  readonly text: string;
}

/** {@link MountOptions}, complete. Undefined is what the kernel has a default for. */
export interface MountRequest {
  /** Absolute. */
  readonly path: string;
  readonly pool: PoolSnapshot;
  readonly size: Amount | undefined;
  readonly minSize: Amount | undefined;
  readonly nrInodes: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly mode: number | undefined;
  readonly dryRun: boolean;
}

const OPTIONS = ['path', 'pageSize', 'size', 'minSize', 'nrInodes', 'uid', 'gid', 'mode', 'dryRun'] as const;

/** 2^32 - 1 is "no user" for the kernel. */
const MAX_ID = 2 ** 32 - 2;
/** What hugetlbfs keeps of a mode. */
const MAX_MODE = 0o1777;

export function parseMountOptions(value: unknown): MountRequest {
  const options = checkOptions(value, 'options', OPTIONS);
  const path = parsePath(options.path, 'options.path');
  const integer = (name: 'nrInodes' | 'uid' | 'gid', min: number, max: number): number | undefined =>
    options[name] === undefined ? undefined : checkInteger(options[name], `options.${name}`, min, max);
  const rest = {
    nrInodes: integer('nrInodes', 1, Number.MAX_SAFE_INTEGER),
    uid: integer('uid', 0, MAX_ID),
    gid: integer('gid', 0, MAX_ID),
    mode: parseMode(options.mode),
    dryRun: checkBoolean(options.dryRun, 'options.dryRun', false),
  };
  const pool = options.pageSize === undefined ? defaultPool() : existingPool(parseSize(options.pageSize, 'options.pageSize'), {});
  const size = parseAmount(options.size, 'options.size', pool);
  const minSize = parseAmount(options.minSize, 'options.minSize', pool);
  if (size?.pages === 0) throw nothingFits(size, pool, options.size);
  if (size !== undefined && minSize !== undefined && minSize.pages > size.pages) {
    throw outOfRange('options.minSize', `<= options.size, which is ${size.text}`, options.minSize);
  }
  return { path, pool, size, minSize, ...rest };
}

/** An absolute path. */
export function parsePath(value: unknown, name: string): string {
  if (typeof value !== 'string') throw invalidArgType(name, 'of type string', value);
  if (value === '' || value.includes('\0')) throw invalidArgValue(name, 'must be a path: not empty, without null bytes', value);
  return resolve(value);
}

/** @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` on a kernel without huge pages */
export function defaultPool(): PoolSnapshot {
  const found = pools().find(({ isDefault }) => isDefault);
  if (found !== undefined) return found;
  throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', 'This machine has no pool of huge pages by default', {
    remedy: 'Name a page size, or run a kernel built with CONFIG_HUGETLBFS',
  });
}

// The kernel rounds down to whole pages, without a word, even to none.
function parseAmount(value: unknown, name: string, pool: PoolSnapshot): Amount | undefined {
  if (value === undefined) return undefined;
  const percent = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value)?.[1] : undefined;
  if (percent !== undefined) {
    const share = checkInteger(Number(percent), name, 0, 100);
    return { pages: Math.floor((persistentPages(pool) * share) / 100), text: `${String(share)}%` };
  }
  const bytes = parseSize(value, name, 0, Number.MAX_SAFE_INTEGER);
  if (bytes % pool.pageSize !== 0) throw outOfRange(name, `a multiple of ${formatSize(pool.pageSize)}, the page size`, value);
  return { pages: bytes / pool.pageSize, text: String(bytes) };
}

// The kernel would mount it.
function nothingFits({ text }: Amount, pool: PoolSnapshot, value: unknown): Error {
  const share = text.endsWith('%') ? parseInt(text, 10) : 0;
  if (share === 0) return outOfRange('options.size', 'at least one page', value);
  const neededPages = Math.ceil(100 / share);
  const { sentence, command } = growRemedy(pool, neededPages, memoryState().available);
  const what = `${text} of ${String(persistentPages(pool))} pages of ${formatSize(pool.pageSize)} is less than one page: no file would fit`;
  return new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', what, { details: { pool, neededPages, command }, remedy: sentence });
}

function parseMode(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return checkInteger(value, 'options.mode', 0, MAX_MODE);
  if (!/^[0-7]{1,5}$/.test(value)) throw invalidArgValue('options.mode', "must be octal digits, such as '1770'", value);
  return checkInteger(parseInt(value, 8), 'options.mode', 0, MAX_MODE);
}
