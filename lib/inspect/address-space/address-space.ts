/** The address space of a process: its mappings, and what memory each has. */
import { checkBoolean, checkOptions } from '../../arguments.js';
import { checkPid, noProcess, unreadableProcess } from '../../host/process-status.js';
import { readNumber } from '../../host/text.js';
import type { RootOptions } from '../../host/text.js';
import { THP } from '../../host/thp.js';
import { MiB } from '../../units.js';
import { readLiving } from '../procfs/living.js';
import { UNREADABLE } from '../procfs/reading.js';
import { HUGE_FIGURES } from '../procfs/smaps.js';
import type { MappingDetails } from '../procfs/smaps.js';
import { wholeSmapsOf } from '../procfs/whole-smaps.js';
import { isHuge, pagesOf, sumPages } from './pages.js';
import type { PageShare } from './pages.js';

/** One mapping. */
export interface AddressSpaceMapping extends MappingDetails {
  /** Whether some of its memory is in huge pages, or will be: it is of hugetlb, or has transparent huge pages mapped by a PMD. */
  readonly huge: boolean;
  /** Its memory by kind and page size: the parts add up to its size. */
  readonly pages: readonly PageShare[];
}

/** An address space. All sizes are bytes. */
export interface AddressSpace {
  readonly pid: number;
  /** Name of the main thread: `comm`. */
  readonly command: string;
  /** False for a kernel thread and for a zombie, which have no mappings. */
  readonly hasAddressSpace: boolean;
  /** How many mappings there are, listed or not. */
  readonly mappingCount: number;
  /** In the order of their addresses. */
  readonly mappings: readonly AddressSpaceMapping[];
  /**
   * Sums over the listed mappings, by the kernel's names; without the two page sizes, which add up to nothing. Also where none is listed:
   * without any mapping those of huge pages.
   */
  readonly totals: Readonly<Record<string, number>>;
  /** Memory of the listed mappings by kind and page size. */
  readonly pages: readonly PageShare[];
}

/** What to list. */
export interface AddressSpaceOptions extends RootOptions {
  /** Only mappings with huge pages. Default false. */
  readonly hugeOnly?: boolean;
}

/**
 * Reads the mappings of a process from `/proc/PID/smaps`: every figure that the kernel gives, also those of newer kernels. A process that
 * is running goes on changing meanwhile: each mapping is of the moment when it was read.
 *
 * @param pid - as this PID namespace numbers it
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, RangeError `ERR_OUT_OF_RANGE` for wrong arguments, also for pid 0
 * @throws HugePagesError `ERR_HUGEPAGES_NO_PROCESS` when there is none, or it ended meanwhile; `ERR_HUGEPAGES_PERMISSION` for
 *   a process of another user, without CAP_SYS_PTRACE; `ERR_HUGEPAGES_BUSY` when it became another program again and again;
 *   `ERR_HUGEPAGES_SYSTEM`
 */
export async function addressSpace(pid: number, options: AddressSpaceOptions = {}): Promise<AddressSpace> {
  checkPid(pid, 'pid');
  const { hugeOnly: asked, ...rest } = checkOptions(options, 'options', ['hugeOnly', 'root']);
  const hugeOnly = checkBoolean(asked, 'options.hugeOnly', false);
  const root = rest as RootOptions;

  const found = await readLiving(pid, root, async ({ thread, status }) => {
    const read = status.hasAddressSpace ? await wholeSmapsOf(thread, root) : [];
    return Array.isArray(read) ? { status, mappings: withPages(read, root) } : read;
  });
  if (found === undefined) throw noProcess(pid);
  if (found === UNREADABLE) throw unreadableProcess(pid, 'mappings', root);
  const { status, mappings } = found;
  const listed = hugeOnly ? mappings.filter(({ huge }) => huge) : mappings;
  return {
    pid,
    command: status.name,
    hasAddressSpace: status.hasAddressSpace,
    mappingCount: mappings.length,
    mappings: listed,
    totals: totalsOf(listed, mappings),
    pages: sumPages(listed.flatMap(({ pages }) => pages)),
  };
}

// For trees that were recorded without sys: of base pages of 4 KiB.
const USUAL_PMD_SIZE = 2 * MiB;

function withPages(mappings: readonly MappingDetails[], root: RootOptions): AddressSpaceMapping[] {
  const pmdSize = readNumber(`${THP}/hpage_pmd_size`, root) ?? USUAL_PMD_SIZE;
  return mappings.map((mapping) => {
    const pages = pagesOf(mapping, pmdSize);
    return { ...mapping, huge: isHuge(mapping, pages), pages };
  });
}

/** @param all - mappings, listed or not, the figures of which have a sum */
function totalsOf(listed: readonly MappingDetails[], all: readonly MappingDetails[]): Record<string, number> {
  // What has no mappings has no line of smaps either that would name the figures.
  const figures = all.length === 0 ? HUGE_FIGURES : all.flatMap(({ bytes }) => Object.keys(bytes));
  const names = [...new Set(figures)].filter((name) => !name.endsWith('PageSize'));
  return Object.fromEntries(names.map((name) => [name, listed.reduce((sum, { bytes }) => sum + (bytes[name] ?? 0), 0)]));
}
