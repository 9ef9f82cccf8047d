/** The pages of a process: which are there, how large, where. */
import { setImmediate } from 'node:timers/promises';
import { checkBoolean, checkOptions, checkSignal } from '../../arguments.js';
import { abortError, invalidArgType, outOfRange } from '../../errors.js';
import { checkPid, noProcess } from '../../host/process-status.js';
import { native } from '../../native.js';
import { PagemapEngine } from '../../native/pages.js';
import type { PageRuns } from '../../native/pages.js';
import { mapRuns, presentBytes } from '../../page-runs.js';
import type { RunState } from '../../page-runs.js';
import { livingOf, restlessProcess } from '../procfs/living.js';
import { UNREADABLE } from '../procfs/reading.js';
import { errnoOf, failureOf } from './failures.js';
import { inquire } from './inquiry.js';

/** Addresses, multiples of the base page: a mapping has both. */
export interface AddressRange {
  readonly start: bigint;
  /** The first address behind it. */
  readonly end: bigint;
}

/** What {@link pagemap} is asked. */
export interface PageMapOptions {
  /** False: runs are not told apart by their frames, which makes many of one in memory that is scattered. Default true. */
  readonly frames?: boolean;
  /** Stops within a few milliseconds. */
  readonly signal?: AbortSignal;
}

/** A part of an address space in which all pages are in the same state. */
export interface PageMapRun extends RunState, AddressRange {
  /** Bytes. */
  readonly length: number;
}

/** What {@link pagemap} returns. */
export interface PageMap {
  readonly pid: number;
  /** In the order of their addresses. What is not mapped is in none. */
  readonly runs: readonly PageMapRun[];
  readonly presentBytes: number;
  /** Bytes that are mapped and not present, what is swapped out included. */
  readonly absentBytes: number;
  /** Whether the kernel shows frame numbers to this process (CAP_SYS_ADMIN), and they were asked for. */
  readonly frames: boolean;
  /** Whether the kernel notes which pages were written since `/proc/PID/clear_refs` was (CONFIG_MEM_SOFT_DIRTY). */
  readonly softDirty: boolean;
  /** Whether transparent huge pages can be told from base pages: Linux 6.7. Otherwise they count as those. */
  readonly transparent: boolean;
}

/** The end of user space on any processor. */
const LAST = 2n ** 56n;

/** How often a process may get other memory, by execve(2), or lose the thread by which it is read. */
const ATTEMPTS = 5;

/** Some milliseconds. */
const RUNS_AT_ONCE = 8192;

const NO_RUNS: PageRuns = {
  offsets: new Float64Array(),
  lengths: new Float64Array(),
  pageSizes: new Float64Array(),
  states: new Uint8Array(),
  frames: new Float64Array(),
  nodes: new Int32Array(),
};

/**
 * The pages of a process in a range of addresses, or in all of them, off the event loop: PAGEMAP_SCAN (Linux 6.7) and the entries of
 * `/proc/PID/pagemap` for what it finds; before that all entries, on several threads. Nodes are move_pages(2)'s. A moment's view: it may
 * change while it is taken. A kernel thread and a zombie have no runs.
 *
 * @param range - what of it is mapped counts; a mapping of `/proc/PID/maps` is one. Default: the whole address space
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments; AbortError
 * @throws HugePagesError `ERR_HUGEPAGES_NO_PROCESS`; `ERR_HUGEPAGES_PERMISSION` for a process of another user, without CAP_SYS_PTRACE;
 *   `ERR_HUGEPAGES_BUSY` when it became another program again and again; `ERR_HUGEPAGES_SYSTEM`
 */
export async function pagemap(pid: number, range?: AddressRange, options: PageMapOptions = {}): Promise<PageMap> {
  return pagemapBy(PagemapEngine.fastest, pid, range, options);
}

/**
 * {@link pagemap} by an engine of choice: they agree.
 * @internal
 */
export async function pagemapBy(engine: number, pid: number, range: unknown, options: unknown): Promise<PageMap> {
  checkPid(pid, 'pid');
  const { frames, signal } = checkOptions(options, 'options', ['frames', 'signal']);
  const byFrames = checkBoolean(frames, 'options.frames', true);
  const abort = checkSignal(signal, 'options.signal');
  const bounds = range === undefined ? BigUint64Array.of(0n, LAST) : checkRange(range);
  const read = (thread: number): Promise<PageRuns> =>
    inquire((onDone) => native.pagemap(thread, bounds, byFrames, engine, onDone), abort);
  const columns = await readLiving(pid, read);
  return describe(pid, byFrames, await runsOf(columns, abort));
}

/** Reads a process by a thread that has its memory. */
async function readLiving(pid: number, read: (thread: number) => Promise<PageRuns>): Promise<PageRuns> {
  let thread = pid;
  for (let attempt = 1; ; attempt++) {
    try {
      return await read(thread);
    } catch (error) {
      const errno = errnoOf(error) ?? '';
      // The files of what has no memory are root's, also those of a process that is ending.
      const living = ['ESRCH', 'EACCES'].includes(errno) ? livingOf(pid) : UNREADABLE;
      if (living === undefined) throw noProcess(pid);
      if (living === UNREADABLE) throw failureOf(pid, error);
      if (!living.status.hasAddressSpace) return NO_RUNS;
      if (errno === 'EACCES') throw failureOf(pid, error);
      if (attempt === ATTEMPTS) throw restlessProcess(pid);
      thread = living.thread;
    }
  }
}

function checkRange(range: unknown): BigUint64Array {
  if (typeof range !== 'object' || range === null) throw invalidArgType('range', 'an object', range);
  const { start, end } = range as Partial<AddressRange>;
  const first = checkAddress(start, 'range.start', 0n);
  return BigUint64Array.of(first, checkAddress(end, 'range.end', first));
}

function checkAddress(value: unknown, name: string, min: bigint): bigint {
  if (typeof value !== 'bigint') throw invalidArgType(name, 'of type bigint', value);
  const page = BigInt(native.basePageSize());
  if (value < min || value > LAST || value % page !== 0n) {
    throw outOfRange(name, `a multiple of ${String(page)} from ${hex(min)} to ${hex(LAST)}`, value);
  }
  return value;
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}

/** Scattered memory has millions of runs: others have their turn on the event loop in between. */
async function runsOf(columns: PageRuns, signal: AbortSignal | undefined): Promise<PageMapRun[]> {
  const runs: PageMapRun[] = [];
  for (let first = 0; first < columns.offsets.length; first += RUNS_AT_ONCE) {
    if (first > 0) await setImmediate();
    if (signal?.aborted === true) throw abortError(signal);
    runs.push(...mapRuns(part(columns, first, first + RUNS_AT_ONCE), place));
  }
  return runs;
}

function part(columns: PageRuns, first: number, end: number): PageRuns {
  const of = <Column extends { subarray(first: number, end: number): Column }>(column: Column): Column => column.subarray(first, end);
  return {
    offsets: of(columns.offsets),
    lengths: of(columns.lengths),
    pageSizes: of(columns.pageSizes),
    states: of(columns.states),
    frames: of(columns.frames),
    nodes: of(columns.nodes),
  };
}

function place(offset: number, length: number): Pick<PageMapRun, 'start' | 'end' | 'length'> {
  const start = BigInt(offset);
  return { start, end: start + BigInt(length), length };
}

function describe(pid: number, frames: boolean, runs: readonly PageMapRun[]): PageMap {
  const present = presentBytes(runs);
  const { frameNumbers, softDirty, pagemapScan } = native.features();
  return {
    pid,
    runs,
    presentBytes: present,
    absentBytes: runs.reduce((sum, { length }) => sum + length, 0) - present,
    frames: frames && frameNumbers,
    softDirty,
    transparent: pagemapScan,
  };
}
