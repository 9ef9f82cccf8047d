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
  // A write to a private mapping copies the page that it writes to.
  if (request.source.kind === 'memfd' && !request.shared && request.prefault === 'now') {
    const message = 'A private mapping of a memfd gets base pages only';
    const remedy = { sentence: 'Leave out shared: false, or take source anonymous', needsRoot: false };
    return [{ ...missing, code: 'thp-private-file', message, details: {}, remedy }];
  }
  return closedSettings(question).map(({ file, value, open }) => ({
    ...missing,
    code: 'thp-off',
    message: `Transparent huge pages are off${isShmem(request) ? ' for shared memory' : ''}: ${file} is '${value}'`,
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
  if (!isShmem(request)) {
    if ((ofSize.enabled ?? enabled) !== 'never' || collapses(question)) return [];
    return [{ file: `${ofSize.enabled === undefined ? THP : directory}/enabled`, value: 'never', open: 'madvise' }];
  }
  // Those of single sizes are for memory that the kernel knows to be anonymous: a mapping of a segment is not.
  const shmemOfSize = request.source.kind === 'sysv' ? undefined : ofSize.shmem;
  const isOff = shmemOfSize === undefined && shmem === 'never' && !collapses(question);
  // MADV_COLLAPSE lifts neither `deny` nor the `never` of the size.
  return [
    ...(isOff || shmem === 'deny' ? [{ file: `${THP}/shmem_enabled`, value: shmem, open: 'advise' }] : []),
    ...(shmemOfSize === 'never' ? [{ file: `${directory}/shmem_enabled`, value: 'never', open: 'advise' }] : []),
  ];
}

function isShmem({ shared, source }: Question['request']): boolean {
  return shared || source.kind === 'memfd';
}

function collapses({ request, machine }: Question): boolean {
  return request.prefault === 'now' && hasCollapse(machine.kernel());
}
