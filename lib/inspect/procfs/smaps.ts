/** `/proc/PID/smaps` and `smaps_rollup`: what each mapping has in memory, and the sum; see `man 5 proc_pid_smaps`. */
import type { RootOptions } from '../../host/text.js';
import { KiB } from '../../units.js';
import { parseMapping } from './maps.js';
import type { Mapping } from './maps.js';
import { readProcessAsync } from './reading.js';
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

/** Those of huge pages. */
export const HUGE_FIGURES = ['Private_Hugetlb', 'Shared_Hugetlb', 'AnonHugePages', 'ShmemPmdMapped', 'FilePmdMapped'] as const;

/** Bytes; 0 for a figure that the kernel does not have. */
export type HugeFigures = Readonly<Record<(typeof HUGE_FIGURES)[number], number>>;

/**
 * Huge pages of all mappings of a process, much cheaper than smaps. Undefined also before Linux 4.14, and for what has no address space.
 *
 * @param atOnce - see `readProcessAsync()`
 */
export function smapsRollupOf(pid: number, options: RootOptions = {}, atOnce = false): Promise<Reading<HugeFigures>> {
  return readProcessAsync(pid, 'smaps_rollup', options, parseSmapsRollup, atOnce);
}

/** The text of `/proc/PID/smaps`. */
export function parseSmaps(text: string): MappingDetails[] {
  return mappingTexts(text).flatMap((part) => parseDetails(part) ?? []);
}

/** The text of `/proc/PID/smaps_rollup`. One figure at a time: there are twenty, and it is read for every process of the machine. */
export function parseSmapsRollup(text: string): HugeFigures {
  const bytes = (name: string): number => {
    const label = text.indexOf(`\n${name}:`);
    return label === -1 ? 0 : Number.parseInt(text.slice(label + name.length + 2), 10) * KiB;
  };
  return Object.fromEntries(HUGE_FIGURES.map((name) => [name, bytes(name)])) as HugeFigures;
}

/** The text of each mapping in that of `/proc/PID/smaps`. */
export function mappingTexts(text: string): string[] {
  return text.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
}

/** The text of one mapping. */
export function parseDetails(text: string): MappingDetails | undefined {
  const [line = '', ...figures] = text.split('\n');
  const mapping = parseMapping(line);
  return mapping && { ...mapping, ...parseFigures(figures) };
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
