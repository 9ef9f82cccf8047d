/** Whether a pool has the pages: hugetlb_acct_memory() for a reservation, alloc_hugetlb_folio() for a page, both of mm/hugetlb.c. */
import { formatSize } from '../../units.js';
import { growRemedy } from '../pools/grow-remedy.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { presentBytes } from './adopted.js';
import { placeFor } from './file.js';
import { heldText, pagesText } from './question.js';
import type { Question, Rule } from './question.js';
import type { Reason } from './types.js';

/** ENOMEM of mmap(2). */
const AT_MAP = { error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'map' } as const;
/** EFAULT of madvise(2): a touch would be SIGBUS. */
const AT_POPULATE = { error: 'ERR_HUGEPAGES_POPULATE', step: 'populate' } as const;

export const reservedPages: Rule = (question) => (question.request.reserve ? shortage(question, AT_MAP) : []);

export const unreservedPages: Rule = (question) => (question.request.reserve ? [] : shortage(question, AT_POPULATE));

/** Surplus pages that a mount keeps go back to the system when they are freed, and are promised all the same. */
export const promisedPages: Rule = (question) => {
  const { request, candidate, machine } = question;
  const { pool, pages, surplusLeft } = asked(question);
  const needed = (candidate.byteLength - presentBytes(question)) / candidate.pageSize;
  if (!request.reserve || pages > 0 || needed <= pool.free + surplusLeft) return [];
  const had = `${pagesText(needed)} needed, ${String(pool.free + surplusLeft)} to be had`;
  return [
    {
      ...AT_POPULATE,
      code: 'pool-too-small',
      message: `The pool of ${formatSize(pool.pageSize)} pages has fewer than it has promised: ${had} (${poolCounters(pool)})`,
      details: { neededPages: needed, availablePages: pool.free + surplusLeft, pool },
      remedy: growRemedy(pool, 0, machine.memory().available),
    },
  ];
};

/** The pool that a question is about, and the pages that it asks of it. */
export function asked(question: Question): { pool: PoolSnapshot; pages: number; unpromised: number; surplusLeft: number } {
  const { candidate, machine } = question;
  const pool = machine.pools().find(({ pageSize }) => pageSize === candidate.pageSize);
  if (pool === undefined) throw new Error(`no pool of ${String(candidate.pageSize)}`);
  // What a mount has forgotten is not reserved any more.
  const kept = Math.min(placeFor(question)?.keptPages ?? 0, pool.reserved);
  return {
    pool,
    pages: Math.max(0, (candidate.byteLength - presentBytes(question)) / candidate.pageSize - kept),
    unpromised: pool.free - pool.reserved,
    surplusLeft: Math.max(0, pool.overcommit - pool.surplus),
  };
}

function shortage(question: Question, where: typeof AT_MAP | typeof AT_POPULATE): Reason[] {
  const { pool, pages, unpromised, surplusLeft } = asked(question);
  if (pages === 0) return [];
  const size = formatSize(pool.pageSize);
  const { available } = question.machine.memory();
  const fromMemory = (pages - unpromised) * pool.pageSize;
  const scarce = fromMemory > available ? [`the machine has ${formatSize(available)} of memory available`] : [];
  if (pages <= unpromised + surplusLeft) {
    if (scarce.length === 0) return [];
    return [
      {
        ...where,
        code: 'no-memory-for-surplus',
        message: `The pool of ${size} pages may grow by overcommit, but not by ${formatSize(fromMemory)}: ${scarce.join()}`,
        details: { neededBytes: fromMemory, available, pool },
        remedy: { sentence: 'Free memory, or ask for less', needsRoot: false },
      },
    ];
  }
  const facts = [
    `${pagesText(pages)} needed, ${String(Math.max(0, unpromised + surplusLeft))} to be had (${poolCounters(pool)})`,
    ...mountReserves(question, pool),
    ...heldText(question.machine.held),
    ...scarce,
  ];
  return [
    {
      ...where,
      code: 'pool-too-small',
      message: `The pool of ${size} pages is ${pool.total === 0 ? 'empty' : 'too small'}: ${facts.join('; ')}`,
      details: { neededPages: pages, availablePages: unpromised + surplusLeft, pool },
      remedy: growRemedy(pool, pages, available),
    },
  ];
}

/** `total 4, free 2, reserved 1, surplus 0, overcommit 0` */
export function poolCounters(pool: PoolSnapshot): string {
  const names = ['total', 'free', 'reserved', 'surplus', 'overcommit'] as const;
  return names.map((name) => `${name} ${String(pool[name])}`).join(', ');
}

/** Mounts that keep pages for their files: nobody is seen to use those. */
function mountReserves({ machine }: Question, { pageSize, reserved }: PoolSnapshot): string[] {
  if (reserved === 0) return [];
  return machine.mounts().flatMap((mount) => {
    const { mountPoint, minSize = 0 } = mount;
    return mount.pageSize === pageSize && minSize > 0 ? [`${formatSize(minSize)} is kept for ${mountPoint} by min_size`] : [];
  });
}
