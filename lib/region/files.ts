/** The files that regions are loaded from and stored to, and how that is asked for. */
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkInteger, checkOneOf, checkOptions } from '../arguments.js';
import { invalidArgType, invalidArgValue } from '../errors.js';
import { facts } from './facts.js';
import { parseJobOptions } from './job-options.js';
import type { JobPlan } from './job-options.js';

/** A regular file: its path, a `file:` URL, or one that is open, as a FileHandle or a descriptor. */
export type DataFile = string | URL | FileHandle | number;

/** What `onProgress` of a load or store is told. */
export interface TransferProgress {
  /** Bytes so far, of `totalBytes`. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** What a finished load or store did. */
export interface TransferResult {
  readonly bytes: number;
  /** Of them, those that went past the page cache. */
  readonly directBytes: number;
  readonly threads: number;
  readonly milliseconds: number;
}

/** How a region is loaded. */
export interface LoadOptions {
  /** Bytes from the start of the region. Default 0. */
  readonly offset?: number;
  /** Bytes, all of which the file must have. Default: as many as it has, up to the end of the region. */
  readonly length?: number;
  /** Bytes from the start of the file, as in `fs.read`; that of an open file neither counts nor changes. Default 0. */
  readonly position?: number;
  /**
   * Past the page cache, by O_DIRECT: `auto` where the file system and the alignment let it, `true` where nothing else will do, `false`
   * never. What lies before the first and after the last whole block of the file goes through the page cache in any case. Default false.
   */
  readonly direct?: boolean | 'auto';
  /** Threads, 1 to 1024. Default: the CPUs of this process's cpuset. */
  readonly threads?: number;
  /** Stops within one chunk: about 5 ms, longer where a disk is slow. */
  readonly signal?: AbortSignal;
  /** Called on the event loop at most 30 times a second, and once at the end. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** How a region is stored. */
export interface StoreOptions extends Omit<LoadOptions, 'length'> {
  /** Bytes. Default: to the end of the region. */
  readonly length?: number;
  /**
   * How a path is opened, as in `fs.writeFile`: `w` makes the file, or empties the one that is there; `wx` makes it, and fails where there
   * is one; `r+` writes into one that is there. Files that are open keep what is not written over. Default `w`.
   */
  readonly flag?: 'w' | 'wx' | 'r+';
}

const LOAD_OPTIONS = ['offset', 'length', 'position', 'direct', 'threads', 'signal', 'onProgress'] as const;
const STORE_OPTIONS = [...LOAD_OPTIONS, 'flag'] as const;

const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC } = constants;
const FLAGS = { w: O_WRONLY | O_CREAT | O_TRUNC, wx: O_WRONLY | O_CREAT | O_EXCL, 'r+': O_WRONLY } as const;

/** The addon's `direct`. */
const DIRECT = new Map<unknown, number>([
  [undefined, 0],
  [false, 0],
  ['auto', 1],
  [true, 2],
]);

const MAX_POSITION = 2 ** 46;

/** A load or store, checked. The part of the region is for the region to check. */
export interface TransferPlan extends JobPlan<TransferProgress> {
  file: string | number;
  offset: unknown;
  length: unknown;
  position: number;
  direct: number;
}

export function parseLoad(file: unknown, options: unknown): TransferPlan {
  return parseTransfer(file, checkOptions(options, 'options', LOAD_OPTIONS));
}

/** @returns `flags` of open(2) */
export function parseStore(file: unknown, options: unknown): TransferPlan & { flags: number } {
  const { flag, ...others } = checkOptions(options, 'options', STORE_OPTIONS);
  const plan = parseTransfer(file, others);
  if (typeof plan.file === 'number') {
    if (flag !== undefined) throw invalidArgValue('options.flag', 'is for paths: this file is open', flag);
    return { ...plan, flags: O_WRONLY };
  }
  const name = flag === undefined ? 'w' : checkOneOf(flag, 'options.flag', Object.keys(FLAGS) as (keyof typeof FLAGS)[]);
  return { ...plan, flags: FLAGS[name] };
}

function parseTransfer(value: unknown, options: Readonly<Record<string, unknown>>): TransferPlan {
  const { offset, length, position, direct } = options;
  const method = DIRECT.get(direct);
  if (method === undefined) throw invalidArgType('options.direct', "of type boolean or 'auto'", direct);
  return {
    file: checkFile(value),
    offset,
    length,
    position: position === undefined ? 0 : checkInteger(position, 'options.position', 0, MAX_POSITION),
    direct: method,
    ...parseJobOptions<TransferProgress>(options, 'options', facts.allowedCpus().length),
  };
}

/** A path or a descriptor. */
function checkFile(value: unknown): string | number {
  if (typeof value === 'number') return checkInteger(value, 'file', 0, 2 ** 31 - 1);
  if (isOpenFile(value)) {
    const { fd } = value;
    if (fd === -1) throw invalidArgValue('file', 'must be open: this FileHandle is closed', value);
    return checkInteger(fd, 'file.fd', 0, 2 ** 31 - 1);
  }
  const path = value instanceof URL ? fileURLToPath(value) : value;
  if (typeof path !== 'string') throw invalidArgType('file', 'a path, a file: URL, a FileHandle or a file descriptor', value);
  if (path === '' || path.includes('\0')) throw invalidArgValue('file', 'must be a path without null bytes', value);
  return path;
}

/** Node's class of file handles is not there to be compared with. */
function isOpenFile(value: unknown): value is { readonly fd: unknown } {
  return typeof value === 'object' && value !== null && 'fd' in value;
}
