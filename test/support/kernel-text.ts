/** Reads what the kernel says of itself and of a process: the tests' own readers, so that the library is not checked against itself. */
import { readFileSync } from 'node:fs';

const KIB = 1024;

/** One mapping of `/proc/PID/smaps`. */
export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  /** `rw-p`, `r--s` and so on. */
  readonly permissions: string;
  /** `Rss`, `KernelPageSize`, ... in bytes. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Two-letter flags: `ht` hugetlb, `dc` not copied on fork, `lo` locked, `hg` and `nh` THP advice, `nr` no reserve. */
  readonly flags: readonly string[];
}

const HEADER = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) /;

/** The mappings of the text of `/proc/PID/smaps`, or of `/proc/PID/maps` without sizes and flags. */
export function parseMappings(text: string): Mapping[] {
  const mappings: (Mapping & { bytes: Map<string, number>; flags: string[] })[] = [];
  for (const line of text.split('\n')) {
    const header = HEADER.exec(line);
    if (header !== null) {
      const [, start = '', end = '', permissions = ''] = header;
      mappings.push({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), permissions, bytes: new Map<string, number>(), flags: [] });
      continue;
    }
    const current = mappings.at(-1);
    const [, name = '', value = ''] = /^(\w+):\s+(.*)$/.exec(line) ?? [];
    if (name === 'VmFlags') current?.flags.push(...value.trim().split(' '));
    else if (value.endsWith(' kB')) current?.bytes.set(name, Number.parseInt(value, 10) * KIB);
  }
  return mappings;
}

/** This process's mappings that hold a part of the range, in order of address. */
export function mappingsOf(address: bigint, byteLength: number): Mapping[] {
  const end = address + BigInt(byteLength);
  return parseMappings(readFileSync('/proc/self/smaps', 'utf8')).filter((mapping) => mapping.start < end && mapping.end > address);
}

/** Bytes of one field of smaps, added up over the mappings of a range. */
export function smapsBytes(region: { address: bigint; byteLength: number }, field: string): number {
  return mappingsOf(region.address, region.byteLength).reduce((sum, mapping) => sum + (mapping.bytes.get(field) ?? 0), 0);
}

/** A field of `/proc/meminfo`, in bytes. */
export function meminfo(field: string): number {
  return kilobytes(readFileSync('/proc/meminfo', 'utf8'), field);
}

/** A field of `/proc/self/status` that ends in kB, in bytes. */
export function statusBytes(field: string): number {
  return kilobytes(readFileSync('/proc/self/status', 'utf8'), field);
}

function kilobytes(text: string, field: string): number {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kib === undefined) throw new Error(`no ${field}`);
  return Number(kib) * KIB;
}

/** `madvise` of `always [madvise] never`. */
export function selected(text: string): string {
  const word = /\[(.+)\]/.exec(text)?.[1];
  if (word === undefined) throw new Error(`nothing is selected in ${text}`);
  return word;
}
