/** `/proc/PID/smaps` and `smaps_rollup`: what each mapping has in memory, and the sum; see `man 5 proc_pid_smaps`. */
import type { RootOptions } from '../../host/text.js';
import { KiB } from '../../units.js';
import { parseMapping } from './maps.js';
import type { Mapping } from './maps.js';
import { readProcess, readProcessAsync } from './reading.js';
import type { Reading } from './reading.js';

/** Figures by the kernel's names: what it leaves out is missing, what a newer kernel adds is there. */
export interface Figures {
  /** Lines that end in `kB`, in bytes: `Rss`, `Private_Hugetlb`, `AnonHugePages`. Rss has no hugetlb pages. */
  readonly bytes: Readonly<Record<string, number>>;
  /** The other numbers: `THPeligible`, `ProtectionKey`. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** A mapping and what it has in memory: `KernelPageSize` is the page size of its pool where it is hugetlb. */
export interface MappingDetails extends Mapping, Figures {
  /** `VmFlags`: `ht` hugetlb, `nr` no reserve, `dc` not copied on fork, `hg` and `nh` advice about THP. */
  readonly flags: readonly string[];
}

/** The mappings of a process in the order of their addresses; none of a kernel thread or a zombie. */
export function smapsOf(pid: number, options: RootOptions = {}): Promise<Reading<MappingDetails[]>> {
  return readProcessAsync(pid, 'smaps', options, parseSmaps);
}

/** Sums over the mappings of a process, much cheaper than those. Undefined also before Linux 4.14, and for what has no address space. */
export function smapsRollupOf(pid: number, options: RootOptions = {}): Promise<Reading<Figures>> {
  return readProcessAsync(pid, 'smaps_rollup', options, parseSmapsRollup);
}

/** {@link smapsRollupOf} at once: three times as fast for a process that has little in memory. */
export function smapsRollupSync(pid: number, options: RootOptions = {}): Reading<Figures> {
  return readProcess(pid, 'smaps_rollup', options, parseSmapsRollup);
}

/** The text of `/proc/PID/smaps`. */
export function parseSmaps(text: string): MappingDetails[] {
  return [...eachMapping(text)];
}

/** The text of `/proc/PID/smaps_rollup`: the first line is the range of all mappings. */
export function parseSmapsRollup(text: string): Figures {
  const { bytes, numbers } = parseFigures(text.split('\n').slice(1));
  return { bytes, numbers };
}

/** The mappings in the text of `/proc/PID/smaps`, one at a time: a process may have tens of thousands. */
export function* eachMapping(text: string): Generator<MappingDetails> {
  let mapping: Mapping | undefined;
  let lines: string[] = [];
  for (const line of linesOf(text)) {
    const next = parseMapping(line);
    if (next === undefined) {
      lines.push(line);
      continue;
    }
    if (mapping !== undefined) yield { ...mapping, ...parseFigures(lines) };
    [mapping, lines] = [next, []];
  }
  if (mapping !== undefined) yield { ...mapping, ...parseFigures(lines) };
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, end);
    start = end + 1;
  }
}

function parseFigures(lines: readonly string[]): Omit<MappingDetails, keyof Mapping> {
  const bytes: Record<string, number> = {};
  const numbers: Record<string, number> = {};
  let flags: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name === 'VmFlags') flags = value.match(/\S+/g) ?? [];
    else if (value.endsWith(' kB')) bytes[name] = Number(value.slice(0, -3)) * KiB;
    else if (/^\d+$/.test(value)) numbers[name] = Number(value);
  }
  return { bytes, numbers, flags };
}
