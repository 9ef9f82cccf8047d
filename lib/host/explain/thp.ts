/** Whether a process gets transparent huge pages: __thp_vma_allowable_orders() of mm/huge_memory.c. No system call fails on it. */
import { hasCollapse } from '../kernel-version.js';
import { writeRemedy } from '../remedy.js';
import { THP } from '../thp.js';
import { thpSizeDirectory } from './machine.js';
import type { Question, Rule } from './question.js';

const missing = { error: 'ERR_HUGEPAGES_UNSUPPORTED', step: 'populate' } as const;

export const thpAllowed: Rule = (question) => {
  const { request, candidate, machine } = question;
  if (candidate.backing !== 'thp') return [];
  if (machine.limits().thpEnabled === false) {
    return [
      {
        ...missing,
        code: 'thp-disabled',
        message: 'prctl(PR_SET_THP_DISABLE) took transparent huge pages from this process, itself or a parent that it inherits it from',
        details: { thpEnabled: false },
        remedy: { sentence: 'Start it from a process that has them, or call prctl(PR_SET_THP_DISABLE, 0) in it', needsRoot: false },
      },
    ];
  }
  return closedSettings(question).map(({ file, value, open }) => ({
    ...missing,
    code: 'thp-off',
    message: `Transparent huge pages are off${request.shared ? ' for shared memory' : ''}: ${file} is '${value}'`,
    details: { file, value },
    remedy: writeRemedy('Let programs ask for them', file, open),
  }));
};

interface Setting {
  readonly file: string;
  readonly value: string;
  /** The value that lets programs that ask have huge pages. */
  readonly open: string;
}

/** The settings that keep huge pages from a mapping. */
function closedSettings(question: Question): Setting[] {
  const { request, machine } = question;
  const { enabled, shmem, pmdSize } = machine.thp();
  const ofSize = machine.thpOfPmdSize();
  const directory = thpSizeDirectory(pmdSize);
  if (!request.shared) {
    if ((ofSize.enabled ?? enabled) !== 'never' || collapses(question)) return [];
    return [{ file: `${ofSize.enabled === undefined ? THP : directory}/enabled`, value: 'never', open: 'madvise' }];
  }
  const isOff = ofSize.shmem === undefined && shmem === 'never' && !collapses(question);
  // MADV_COLLAPSE lifts neither `deny` nor the `never` of the size.
  return [
    ...(isOff || shmem === 'deny' ? [{ file: `${THP}/shmem_enabled`, value: shmem, open: 'advise' }] : []),
    ...(ofSize.shmem === 'never' ? [{ file: `${directory}/shmem_enabled`, value: 'never', open: 'advise' }] : []),
  ];
}

function collapses({ request, machine }: Question): boolean {
  return request.prefault === 'now' && hasCollapse(machine.kernel());
}
