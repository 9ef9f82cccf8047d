/** `/proc/PID/status`: who a process is, and what it has in memory; see `man 5 proc_pid_status`. Every user may read it. */
import { parseStatus, statusBytes, statusNumbers } from '../../host/process-status.js';
import type { RootOptions } from '../../host/text.js';
import { readProcess } from './reading.js';
import type { Reading } from './reading.js';

/** One process. Sizes are bytes. */
export interface ProcessStatus {
  /** Of the main thread, at most 15 bytes, or 63 of a kernel thread: `comm`. */
  readonly name: string;
  /** `R`, `S`, `D`, `T`, `Z`. */
  readonly state: string;
  readonly parent: number;
  /** Effective. */
  readonly uid: number;
  readonly gid: number;
  /** Whether it has none: a kernel thread, or a zombie. Then all sizes are 0. */
  readonly hasAddressSpace: boolean;
  /** What it maps: VmSize. */
  readonly mapped: number;
  /** Present pages without those of hugetlb: VmRSS. */
  readonly resident: number;
  /** Mapped pages of hugetlb pools, private and shared: HugetlbPages. */
  readonly hugetlb: number;
}

export function statusOf(pid: number, options: RootOptions = {}): Reading<ProcessStatus> {
  return readProcess(pid, 'status', options, parseProcessStatus);
}

/** The text of `/proc/PID/status`. */
export function parseProcessStatus(text: string): ProcessStatus {
  const status = parseStatus(text);
  return {
    name: unescapeName(/^Name:\t([^\n]*)/.exec(text)?.[1] ?? ''),
    state: status.get('State')?.charAt(0) ?? '',
    parent: Number(status.get('PPid') ?? 0),
    uid: statusNumbers(status, 'Uid')[1] ?? 0,
    gid: statusNumbers(status, 'Gid')[1] ?? 0,
    hasAddressSpace: status.has('VmSize'),
    mapped: statusBytes(status, 'VmSize'),
    resident: statusBytes(status, 'VmRSS'),
    hugetlb: statusBytes(status, 'HugetlbPages'),
  };
}

const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\\\': '\\' };

function unescapeName(name: string): string {
  return name.replace(/\\[n\\]/g, (escape) => ESCAPES[escape] ?? escape);
}
