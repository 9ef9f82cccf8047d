/** Whether there is memory to make huge pages of, and to map at all. */
import { formatSize } from '../../units.js';
import { writeRemedy } from '../remedy.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';

export function memoryFindings(facts: Facts): Finding[] {
  return [...fragmentationFindings(facts), ...overcommitFindings(facts)];
}

/** Below this share of free memory in large blocks, a pool soon grows by compaction only. */
const FEW = 0.1;

/** Of the default page size: larger pages are always made by moving others away. */
function fragmentationFindings({ pools, contiguous }: Facts): Finding[] {
  const pageSize = pools.find(({ isDefault }) => isDefault)?.pageSize;
  const share = pageSize === undefined ? undefined : contiguous(pageSize);
  if (pageSize === undefined || share === undefined) return [];
  const id = 'fragmentation';
  const pieces = `${String(Math.floor(share * 100))}% of free memory is in pieces of ${formatSize(pageSize)} and more`;
  if (share >= FEW) return [{ id, level: 'ok', title: pieces, detail: 'Pools and transparent huge pages can be made of it.' }];
  return [
    {
      id,
      level: 'advice',
      title: `Free memory is fragmented: ${pieces}`,
      detail: 'A pool may grow by less than it was asked to, and page faults may get base pages.',
      remedy: writeRemedy('Move pages together', '/proc/sys/vm/compact_memory', 1),
    },
  ];
}

/** Above this share of the limit, the next large mapping may be the one that fails. */
const ALMOST_ALL = 0.9;

function overcommitFindings({ memory }: Facts): Finding[] {
  const { overcommitMode, commitLimit, committed } = memory;
  const id = 'overcommit';
  if (overcommitMode !== 2) {
    const title = `Memory may be mapped before it is needed (vm.overcommit_memory is ${String(overcommitMode)})`;
    return [{ id, level: 'ok', title, detail: 'Mappings fail only where the kernel takes them for too much.' }];
  }
  const promised = `${formatSize(committed)} of ${formatSize(commitLimit)} is promised`;
  const detail = 'vm.overcommit_memory is 2: all that is mapped on other than hugetlb pages is promised. A larger pool leaves less.';
  if (committed < ALMOST_ALL * commitLimit) return [{ id, level: 'ok', title: `There is room for mappings: ${promised}`, detail }];
  return [
    {
      id,
      level: 'problem',
      title: `Mappings on other than hugetlb pages are about to be refused: ${promised}`,
      detail,
      remedy: writeRemedy('Let the kernel judge each', '/proc/sys/vm/overcommit_memory', 0),
    },
  ];
}
