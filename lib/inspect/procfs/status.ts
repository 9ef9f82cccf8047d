/** `/proc/PID/status`: who a process is, and what it has in memory; see `man 5 proc_pid_status`. Every user may read it. */
import type { RootOptions } from '../../host/text.js';
import { KiB } from '../../units.js';
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
  // One field at a time: there are sixty, and it is read for every process of the machine.
  const field = (name: string): string | undefined => fieldOf(text, name);
  const bytes = (name: string): number => Number.parseInt(field(name) ?? '0', 10) * KiB;
  const effective = (name: string): number => Number(field(name)?.split('\t')[1] ?? 0);
  return {
    name: unescapeName(field('Name') ?? ''),
    state: field('State')?.charAt(0) ?? '',
    parent: Number(field('PPid') ?? 0),
    uid: effective('Uid'),
    gid: effective('Gid'),
    hasAddressSpace: field('VmSize') !== undefined,
    mapped: bytes('VmSize'),
    resident: bytes('VmRSS'),
    hugetlb: bytes('HugetlbPages'),
  };
}

/** What follows a name at the beginning of a line, of which `Name` is the first. The kernel escapes newlines in the values. */
function fieldOf(text: string, name: string): string | undefined {
  const label = name === 'Name' ? 'Name:\t' : `\n${name}:\t`;
  const start = text.indexOf(label);
  return start === -1 ? undefined : text.slice(start + label.length, text.indexOf('\n', start + label.length));
}

const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\\\': '\\' };

function unescapeName(name: string): string {
  return name.replace(/\\[n\\]/g, (escape) => ESCAPES[escape] ?? escape);
}
