/** Transparent huge pages: the settings of the machine and of this process. */
import { parseStatus, parseThpEnabled } from './process-status.js';
import { readNumber, readText } from './text.js';
import type { RootOptions } from './text.js';

/** Where the settings are. */
export const THP = '/sys/kernel/mm/transparent_hugepage';

/** The machine's settings, and whether they hold for this process; a part is undefined where the kernel has no such setting. */
export interface ThpState {
  /** `always`, `madvise` or `never`. Does not stop `madvise(MADV_COLLAPSE)`. */
  readonly enabled: string | undefined;
  /** How hard a page fault tries: `always`, `defer`, `defer+madvise`, `madvise` or `never`. */
  readonly defrag: string | undefined;
  /** For shared memory: `always`, `within_size`, `advise`, `never`, `deny` or `force`. */
  readonly shmem: string | undefined;
  /** Bytes of a transparent huge page that one PMD entry maps. */
  readonly pmdSize: number | undefined;
  /** Whether khugepaged may compact memory to get huge pages. */
  readonly khugepagedDefrag: boolean | undefined;
  /** False when `prctl(PR_SET_THP_DISABLE)` exempts this process from all of the above. Undefined before Linux 5.0. */
  readonly processEnabled: boolean | undefined;
}

/**
 * Reads the settings of the machine and of this process.
 *
 * @throws HugePagesError `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_SYSTEM` when sysfs or procfs cannot be read
 */
export function thp(options: RootOptions = {}): ThpState {
  const choice = (name: string): string | undefined => parseChoice(readText(`${THP}/${name}`, options) ?? '');
  const khugepagedDefrag = readNumber(`${THP}/khugepaged/defrag`, options);
  return {
    enabled: choice('enabled'),
    defrag: choice('defrag'),
    shmem: choice('shmem_enabled'),
    pmdSize: readNumber(`${THP}/hpage_pmd_size`, options),
    khugepagedDefrag: khugepagedDefrag === undefined ? undefined : khugepagedDefrag !== 0,
    processEnabled: parseThpEnabled(parseStatus(readText('/proc/self/status', options) ?? '')),
  };
}

/** The word in brackets: `always [madvise] never` → `madvise`. */
export function parseChoice(text: string): string | undefined {
  return /\[(\S+)\]/.exec(text)?.[1];
}
