/** `/proc/PID`: what the kernel says of one process. */
import { checkInteger } from '../arguments.js';
import { HugePagesError } from '../errors.js';
import { KiB } from '../units.js';
import { ifReadable, readText, underRoot } from './text.js';
import type { RootOptions } from './text.js';

/** The largest `kernel.pid_max`. */
export const MAX_PID = 2 ** 22;

/**
 * `/proc/1` for the process 1, `/proc/self` for undefined.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE` for what is no process
 */
export function processDirectory(pid: unknown): string {
  return `/proc/${pid === undefined ? 'self' : String(checkPid(pid, 'options.pid'))}`;
}

/** @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`, also for 0, which in the kernel is nobody's */
export function checkPid(pid: unknown, name: string): number {
  return checkInteger(pid, name, 1, MAX_PID);
}

/** An absent process as an error. */
export function noProcess(pid: number): HugePagesError {
  return new HugePagesError('ERR_HUGEPAGES_NO_PROCESS', `There is no process ${String(pid)}`, { details: { pid } });
}

/** A process as an error whose `what` the kernel keeps from this user: `mappings`. */
export function unreadableProcess(pid: number, what: string, options: RootOptions = {}): HugePagesError {
  const name = ifReadable(() => readText(`${processDirectory(pid)}/comm`, options))?.trimEnd();
  const process = name === undefined ? String(pid) : `${String(pid)} (${name})`;
  return new HugePagesError('ERR_HUGEPAGES_PERMISSION', `The kernel does not show this user the ${what} of process ${process}`, {
    details: { pid },
    // ptrace_may_access() asks for the capabilities of the other as well: in a container root may lack some.
    remedy: 'Run as root, with CAP_SYS_PTRACE and every capability that the process has',
  });
}

/** The fields of the text of `/proc/PID/status`, by name. */
export function parseStatus(text: string): Map<string, string> {
  // No pattern over lines: a process may have a carriage return in its name, which would begin another one.
  const fields = text.split('\n').map((line) => /^(\w+):\s*([^]*)$/.exec(line));
  return new Map(fields.flatMap((match) => (match === null ? [] : [[match[1] ?? '', (match[2] ?? '').trimEnd()]])));
}

/** A field in kB as bytes; 0 for a field that the kernel leaves out. */
export function statusBytes(status: ReadonlyMap<string, string>, name: string): number {
  const [, kib = '0'] = /^(\d+) kB$/.exec(status.get(name) ?? '') ?? [];
  return Number(kib) * KiB;
}

/** A field of numbers: the four user ids of `Uid`, the supplementary groups of `Groups`. */
export function statusNumbers(status: ReadonlyMap<string, string>, name: string): number[] {
  return (status.get(name)?.match(/\d+/g) ?? []).map(Number);
}

/** Whether `prctl(PR_SET_THP_DISABLE)` left the process transparent huge pages. Undefined before Linux 5.0, which does not say. */
export function parseThpEnabled(status: ReadonlyMap<string, string>): boolean | undefined {
  const value = status.get('THP_enabled');
  return value === undefined ? undefined : value === '1';
}

/** A soft limit, which counts, and the hard one, up to which the process may raise it: bytes, `Infinity` for unlimited. */
export interface ResourceLimit {
  readonly soft: number;
  readonly hard: number;
}

/** One line of the text of `/proc/PID/limits`; a limit that is not there is none. */
export function parseResourceLimit(text: string, name: string): ResourceLimit {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  const [soft, hard] = line?.slice(name.length).trim().split(/\s+/) ?? [];
  return { soft: limit(soft), hard: limit(hard) };
}

function limit(text: string | undefined): number {
  return /^\d+$/.test(text ?? '') ? Number(text) : Infinity;
}

/**
 * The text of a file that every mounted `/proc` has.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` where `/proc` is not mounted
 */
export function procText(path: string, options: RootOptions): string {
  const text = readText(path, options);
  if (text === undefined) {
    throw new HugePagesError('ERR_HUGEPAGES_UNSUPPORTED', `There is no ${underRoot(path, options)}: procfs is not mounted there`, {
      remedy: 'Mount it: mount -t proc proc /proc',
    });
  }
  return text;
}
