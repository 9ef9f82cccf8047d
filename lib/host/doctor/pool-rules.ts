/** Whether the pools have pages to give. */
import { counted, formatSize, GiB, MiB } from '../../units.js';
import { HUGETLB_REMEDY } from '../explain/backing.js';
import { pagesText } from '../explain/question.js';
import { growRemedy } from '../pools/grow-remedy.js';
import { persistentPages } from '../pools/pool-state.js';
import { poolDirectory } from '../pools/pools.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { commandRemedy, writeRemedy } from '../remedy.js';
import type { Remedy } from '../remedy.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';
import { hasTransparent } from './thp-rules.js';

/** What to start with, where nobody said how much is needed. */
const FIRST_BYTES = 256 * MiB;

const BELOW_ZERO =
  'Children of fork(2) with pages that their parent has unmapped bring it there while they run (Linux 6.8), ' +
  'a mount of hugetlbfs with both size and min_size for good';

/** One finding for each pool, or one for having none. */
export function poolFindings(facts: Facts): Finding[] {
  if (facts.pools.length > 0) return facts.pools.map((pool) => ({ id: `pool:${formatSize(pool.pageSize)}`, ...state(pool, facts) }));
  return [
    {
      id: 'hugetlb',
      level: 'problem',
      title: 'There are no hugetlb pools',
      detail: 'Only transparent huge pages can be had.',
      remedy: HUGETLB_REMEDY,
    },
  ];
}

/** Whether a mapping on this pool can ever be had. */
export function isInUse({ total, overcommit }: PoolSnapshot): boolean {
  return total > 0 || overcommit > 0;
}

function state(pool: PoolSnapshot, facts: Facts): Omit<Finding, 'id'> {
  const { total, free, reserved, surplus, overcommit } = pool;
  const name = formatSize(pool.pageSize);
  if (!isInUse(pool)) return emptyState(pool, facts);
  if (reserved < 0) {
    return {
      level: 'problem',
      title: `The ${name} pool counts ${counted(reserved, 'page')} as reserved`,
      detail: `The kernel promises ${pagesText(-reserved)} that are not there, and a touch of them is SIGBUS. ${BELOW_ZERO}.`,
      remedy: { sentence: 'Boot anew when it stays below 0, and give no mount both size and min_size', needsRoot: true },
    };
  }
  if (surplus > overcommit) {
    const file = `${poolDirectory(pool.pageSize)}/nr_hugepages`;
    return {
      level: 'advice',
      title: `The ${name} pool was made smaller than what is in use`,
      detail: `${pagesText(surplus)} of ${String(total)} leave it as soon as they are freed, and cannot be allocated again.`,
      remedy: writeRemedy(`Keep all ${pagesText(total)}`, file, total),
    };
  }
  const available = free - reserved + overcommit - surplus;
  if (available <= 0) {
    const promised = reserved > 0 && free > 0 ? 'what is free is reserved' : 'all pages are in use';
    return {
      level: 'advice',
      title: `The ${name} pool has nothing left: ${promised}`,
      detail: 'The next mapping on it is ENOMEM. That is as it should be where all who use it are there already.',
      remedy: grow(pool, facts),
    };
  }
  return {
    level: 'ok',
    title: `The ${name} pool can give ${pagesText(available)}`,
    detail: `It has ${pagesText(persistentPages(pool))} of its own, and ${String(overcommit)} more on demand.`,
  };
}

/** Of use only where no other pool has pages. */
function emptyState(pool: PoolSnapshot, facts: Facts): Omit<Finding, 'id'> {
  const name = formatSize(pool.pageSize);
  if (!pool.isDefault || facts.pools.some(isInUse)) {
    return { level: 'ok', title: `The ${name} pool is not used`, detail: 'No pages were asked for.' };
  }
  const title = `The ${name} pool is empty`;
  const refused = 'Every mapping on hugetlb pages is ENOMEM';
  return hasTransparent(facts)
    ? { level: 'advice', title, detail: `${refused}; allocate() then takes transparent huge pages.`, remedy: grow(pool, facts) }
    : { level: 'problem', title, detail: `${refused}, and there are no transparent huge pages instead.`, remedy: grow(pool, facts) };
}

function grow(pool: PoolSnapshot, { memory }: Facts): Remedy {
  const pages = Math.max(1, Math.floor(Math.min(FIRST_BYTES, memory.available / 4) / pool.pageSize));
  const remedy = growRemedy(pool, pages, memory.available);
  if (remedy.command === undefined) return remedy;
  const sentence = `Make room for ${formatSize(pages * pool.pageSize)}, or as much as your programs need`;
  return commandRemedy(sentence, remedy.command, remedy.needsRoot);
}

/** Programs that do not name a page size get the default one. */
export function defaultSizeFindings({ pools }: Facts): Finding[] {
  const used = pools.filter(isInUse);
  const byDefault = pools.find(({ isDefault }) => isDefault);
  if (used.length === 0 || byDefault === undefined) return [];
  const name = formatSize(byDefault.pageSize);
  const id = 'default-page-size';
  if (used.includes(byDefault)) {
    return [{ id, level: 'ok', title: `The default page size is ${name}`, detail: 'Programs that name no page size find pages there.' }];
  }
  const [other = byDefault] = used;
  const named = `Name the page size (pageSize: '${formatSize(other.pageSize)}')`;
  return [
    {
      id,
      level: 'advice',
      title: `The default page size is ${name}, and only other pools have pages`,
      detail: 'Programs that name no page size find none.',
      remedy: { sentence: `${named}, or boot with default_hugepagesz=${kernelSize(other.pageSize)}`, needsRoot: false },
    },
  ];
}

/** `1G`, as kernel parameters have it. */
function kernelSize(pageSize: number): string {
  return formatSize(pageSize).replace('iB', '');
}

/** 1 GiB pages that the processor has and the kernel does not offer. */
export function giganticFindings({ pools, cpuFlags }: Facts): Finding[] {
  if (!cpuFlags.includes('pdpe1gb') || pools.length === 0 || pools.some(({ pageSize }) => pageSize === GiB)) return [];
  return [
    {
      id: 'gigantic-pages',
      level: 'advice',
      title: 'The processor has 1GiB pages, and this kernel has no pool for them',
      detail: 'They save more of the TLB, for regions of many gigabytes.',
      remedy: { sentence: 'Boot with hugepagesz=1G hugepages=N on the kernel command line', needsRoot: true },
    },
  ];
}
