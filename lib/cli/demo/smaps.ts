/** What the kernel says in `/proc/PID/smaps` about a range of addresses. */
import { KiB } from '../../units.js';

/** The figures of one mapping, in bytes; see `man 5 proc_pid_smaps`. */
export interface SmapsMapping {
  readonly start: bigint;
  readonly end: bigint;
  readonly kernelPageSize: number;
  readonly mmuPageSize: number;
  readonly rss: number;
  readonly anonHugePages: number;
  readonly privateHugetlb: number;
  readonly sharedHugetlb: number;
}

/**
 * The mappings that overlap a range. A mapping can be longer than the range: the kernel merges neighbours that are alike.
 *
 * @param smaps - the text of the file
 * @param start - address of the first byte
 * @param end - address after the last byte
 */
export function parseSmaps(smaps: string, start: bigint, end: bigint): SmapsMapping[] {
  return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((block) => {
    const [, first, last] = /^([0-9a-f]+)-([0-9a-f]+) /.exec(block) ?? [];
    if (first === undefined || last === undefined) return [];
    const range = { start: BigInt(`0x${first}`), end: BigInt(`0x${last}`) };
    return range.start < end && range.end > start ? [{ ...range, ...figures(block) }] : [];
  });
}

function figures(block: string): Omit<SmapsMapping, 'start' | 'end'> {
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(block)?.[1] ?? 0) * KiB;
  return {
    kernelPageSize: bytes('KernelPageSize'),
    mmuPageSize: bytes('MMUPageSize'),
    rss: bytes('Rss'),
    anonHugePages: bytes('AnonHugePages'),
    privateHugetlb: bytes('Private_Hugetlb'),
    sharedHugetlb: bytes('Shared_Hugetlb'),
  };
}
