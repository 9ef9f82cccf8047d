/** `/proc/PID/maps`: the mappings of a process, see `man 5 proc_pid_maps`. */
import type { RootOptions } from '../../host/text.js';
import { parseFileName } from './file-name.js';
import type { FileName } from './file-name.js';
import { readProcess } from './reading.js';
import type { Reading } from './reading.js';

/** One mapping. Its path is that of its file; or `[heap]`, `[anon:name]` and their like; or empty. */
export interface Mapping extends FileName {
  readonly start: bigint;
  /** The first address behind it. */
  readonly end: bigint;
  /** `rw-s` of a shared one, `r-xp` of a private one. */
  readonly permissions: string;
  /** Of `start` in the file, in bytes. */
  readonly offset: number;
  /** `major:minor` of the file system in hexadecimal: `fd:01`. `00:00` without a file. */
  readonly device: string;
  /** 0 without a file. */
  readonly inode: number;
}

/** The mappings of a process in the order of their addresses; none of a kernel thread or a zombie. */
export function mapsOf(pid: number, options: RootOptions = {}): Reading<Mapping[]> {
  return readProcess(pid, 'maps', options, parseMaps);
}

/** The text of `/proc/PID/maps`. Other lines are left out. */
export function parseMaps(text: string): Mapping[] {
  return text.split('\n').flatMap((line) => parseMapping(line) ?? []);
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+)(?: +([^]*))?$/;

/** One line of `/proc/PID/maps`, or the first of a mapping in smaps. */
export function parseMapping(line: string): Mapping | undefined {
  const [, start, end, permissions = '', offset = '', device = '', inode, name = ''] = LINE.exec(line) ?? [];
  if (start === undefined || end === undefined) return undefined;
  return {
    start: BigInt(`0x${start}`),
    end: BigInt(`0x${end}`),
    permissions,
    offset: parseInt(offset, 16),
    device,
    inode: Number(inode),
    // Of all characters the kernel escapes the newline alone, and no backslash.
    ...parseFileName(name.replaceAll('\\012', '\n')),
  };
}
