/** What the kernel says in `/proc/PID/smaps` about a range of addresses. */
import { parseSmaps } from '../../inspect/procfs/smaps.js';

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
export function mappingsIn(smaps: string, start: bigint, end: bigint): SmapsMapping[] {
  return parseSmaps(smaps)
    .filter((mapping) => mapping.start < end && mapping.end > start)
    .map(({ start: first, end: last, bytes }) => ({
      start: first,
      end: last,
      kernelPageSize: bytes['KernelPageSize'] ?? 0,
      mmuPageSize: bytes['MMUPageSize'] ?? 0,
      rss: bytes['Rss'] ?? 0,
      anonHugePages: bytes['AnonHugePages'] ?? 0,
      privateHugetlb: bytes['Private_Hugetlb'] ?? 0,
      sharedHugetlb: bytes['Shared_Hugetlb'] ?? 0,
    }));
}
