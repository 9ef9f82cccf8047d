/** The mappings of a process that have huge pages. */
import type { RootOptions } from '../../host/text.js';
import type { Mapping } from '../procfs/maps.js';
import { numaMapsOf } from '../procfs/numa-maps.js';
import { UNREADABLE } from '../procfs/reading.js';
import type { Reading } from '../procfs/reading.js';
import { HUGE_FIGURES, parseDetails } from '../procfs/smaps.js';
import type { MappingDetails } from '../procfs/smaps.js';
import { readWholeSmaps } from '../procfs/whole-smaps.js';
import { hugetlbBytes, thpUse } from './use.js';
import type { HugePageUse, HugetlbUse, NodeUse } from './use.js';

/** One mapping and its huge pages, of which it has some. */
export interface MappingAccount extends Mapping, HugePageUse {}

/** A process that maps and unmaps without end is not waited for. */
const ATTEMPTS = 3;

/**
 * The mappings of a process that have huge pages, in the order of their addresses.
 *
 * @param nodes - of the machine
 * @param atOnce - see `readProcessAsync()`
 * @throws HugePagesError `ERR_HUGEPAGES_BUSY` for a process that is another program at each reading
 */
export async function hugeMappingsOf(
  pid: number,
  nodes: readonly number[],
  options: RootOptions,
  atOnce: boolean,
): Promise<Reading<MappingAccount[]>> {
  for (let attempt = 1; ; attempt++) {
    const mappings = await readWholeSmaps(pid, options, hugeMappings, atOnce);
    if (mappings === undefined || mappings === UNREADABLE) return mappings;
    const places = await placesOf(pid, mappings, nodes, options);
    const placed = mappings.map((mapping) => place(mapping, places.get(mapping.start)));
    const isSettled = placed.every(({ hugetlb }) => hugetlb.every((pool) => pool.nodes !== undefined));
    if (isSettled || attempt === ATTEMPTS) return placed;
  }
}

const HUGE = new RegExp(`\\n(?:${HUGE_FIGURES.join('|')}): +[1-9]`);

/** @param mappings - the text of each in smaps. Pages are on no node yet */
function hugeMappings(mappings: readonly string[]): MappingAccount[] {
  // Most mappings have none, and reading all of their lines would take longer than the kernel took to write them.
  const huge = mappings.filter((mapping) => HUGE.test(mapping));
  return huge.flatMap((mapping) => parseDetails(mapping) ?? []).map(toAccount);
}

function toAccount(details: MappingDetails): MappingAccount {
  const { start, end, permissions, offset, device, inode, path, deleted, bytes } = details;
  const { KernelPageSize: pageSize = 0, Private_Hugetlb: privateBytes = 0, Shared_Hugetlb: sharedBytes = 0 } = bytes;
  const isHugetlb = privateBytes + sharedBytes > 0;
  const hugetlb = isHugetlb ? [{ pageSize, privateBytes, sharedBytes, nodes: undefined }] : [];
  return { start, end, permissions, offset, device, inode, path, deleted, hugetlb, ...thpUse(bytes) };
}

type Places = ReadonlyMap<bigint, readonly NodeUse[]>;

/** The hugetlb pages of each mapping by node. */
async function placesOf(
  pid: number,
  mappings: readonly MappingAccount[],
  nodes: readonly number[],
  options: RootOptions,
): Promise<Places> {
  const [node, second] = nodes;
  // With one node there is nothing to ask: numa_maps takes as long as smaps.
  if (node !== undefined && second === undefined) {
    return new Map(mappings.map((mapping) => [mapping.start, [{ node, bytes: hugetlbBytes(mapping) }]]));
  }
  const hasPools = mappings.some(({ hugetlb }) => hugetlb.length > 0);
  const found = hasPools ? await numaMapsOf(pid, options) : undefined;
  const pools = found === undefined || found === UNREADABLE ? [] : found.filter(({ hugetlb }) => hugetlb);
  return new Map(
    pools.map(({ start, pageSize = 0, pages }) => [
      start,
      Array.from(pages, ([where, count]) => ({ node: where, bytes: count * pageSize })).sort((a, b) => a.node - b.node),
    ]),
  );
}

/** smaps and numa_maps are of two moments: where they disagree, nothing is said of nodes. */
function place(mapping: MappingAccount, nodes: readonly NodeUse[] = []): MappingAccount {
  const sum = nodes.reduce((bytes, part) => bytes + part.bytes, 0);
  const [pool] = mapping.hugetlb;
  if (pool === undefined || sum !== hugetlbBytes(mapping)) return mapping;
  const placed: HugetlbUse = { ...pool, nodes };
  return { ...mapping, hugetlb: [placed] };
}
