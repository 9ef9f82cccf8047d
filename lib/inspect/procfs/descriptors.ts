/** `/proc/PID/fd` and `fdinfo`: the files that a process has open. */
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { deviceName } from '../../host/mounts/holders.js';
import { parseStatus } from '../../host/process-status.js';
import type { RootOptions } from '../../host/text.js';
import { parseFileName } from './file-name.js';
import type { FileName } from './file-name.js';
import type { Mapping } from './maps.js';
import { processFile, readProcess, reading, UNREADABLE } from './reading.js';
import type { Reading } from './reading.js';

/** One open file. Its path may also be `socket:[4711]`, `anon_inode:[eventpoll]` and their like. */
export interface Descriptor extends FileName {
  readonly fd: number;
}

/** What a descriptor leads to. */
export interface OpenFile {
  /** As in {@link Mapping.device}. */
  readonly device: string;
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
  /** Bytes that the file has, not its holes. */
  readonly allocated: number;
  /** Names that it has: 0 of a file that ends with its last user. */
  readonly links: number;
  /** Milliseconds since 1970 to when it was made, or its length, its names or its owner were changed: `st_ctime`. */
  readonly changed: number;
}

/** The open files of a process, by number. One that is closed meanwhile is left out. */
export function descriptorsOf(pid: number, options: RootOptions = {}): Reading<Descriptor[]> {
  const directory = processFile(pid, 'fd', options);
  const names = reading(directory, () => readdirSync(directory));
  if (names === undefined || names === UNREADABLE) return names;
  const found: Descriptor[] = [];
  for (const name of names) {
    const link = reading(directory, () => readlinkSync(`${directory}/${name}`));
    if (link === UNREADABLE) return link; // it took another user's identity
    if (link !== undefined) found.push({ fd: Number(name), ...parseFileName(link) });
  }
  return found.sort((a, b) => a.fd - b.fd);
}

/** What a descriptor leads to, with or without a name, by stat(2) through its link. Undefined in a recorded tree. */
export function openFile(pid: number, fd: number, options: RootOptions = {}): Reading<OpenFile> {
  return fileBehind(processFile(pid, `fd/${String(fd)}`, options));
}

/** What a mapping maps, by its link in `map_files`: for root, CAP_SYS_ADMIN or, from Linux 5.9 on, CAP_CHECKPOINT_RESTORE. */
export function mappedFile(pid: number, { start, end }: Pick<Mapping, 'start' | 'end'>, options: RootOptions = {}): Reading<OpenFile> {
  return fileBehind(processFile(pid, `map_files/${start.toString(16)}-${end.toString(16)}`, options));
}

function fileBehind(link: string): Reading<OpenFile> {
  return reading(link, () => {
    const { dev, ino, size, blocks, nlink, ctimeMs } = statSync(link);
    return { device: mapsDevice(dev), inode: ino, size, allocated: blocks * 512, links: nlink, changed: ctimeMs };
  });
}

/** A device number as `/proc/PID/maps` writes it. */
export function mapsDevice(dev: number): string {
  return deviceName(dev)
    .split(':')
    .map((number) => Number(number).toString(16).padStart(2, '0'))
    .join(':');
}

/** The fields of a descriptor's `fdinfo` by name: `pos`, `flags` in octal, `mnt_id`, and `ino` from Linux 5.14 on. */
export function fdinfoOf(pid: number, fd: number, options: RootOptions = {}): Reading<Map<string, string>> {
  return readProcess(pid, `fdinfo/${String(fd)}`, options, parseStatus);
}
