/** Whether a process gets transparent huge pages: __thp_vma_allowable_orders() of mm/huge_memory.c. No system call fails on it. */
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
  const setting = decisiveSetting(question);
  if (setting === undefined) return [];
  const { file, value, open } = setting;
  return [
    {
      ...missing,
      code: 'thp-off',
      message: `Transparent huge pages are off${request.shared ? ' for shared memory' : ''}: ${file} is '${value}'`,
      details: { file, value },
      remedy: writeRemedy('Let programs ask for them', file, open),
    },
  ];
};

/** The setting that keeps huge pages from a mapping, and the value that lets it have them. */
function decisiveSetting(question: Question): { file: string; value: string; open: string } | undefined {
  const { request, machine } = question;
  const { enabled, shmem, pmdSize } = machine.thp();
  const ofSize = machine.thpOfPmdSize();
  const directory = thpSizeDirectory(pmdSize);
  if (!request.shared) {
    if ((ofSize.enabled ?? enabled) !== 'never' || collapses(question)) return undefined;
    return { file: `${ofSize.enabled === undefined ? THP : directory}/enabled`, value: 'never', open: 'madvise' };
  }
  // Neither of these is lifted by MADV_COLLAPSE.
  if (shmem === 'deny') return { file: `${THP}/shmem_enabled`, value: shmem, open: 'advise' };
  if (ofSize.shmem === 'never') return { file: `${directory}/shmem_enabled`, value: 'never', open: 'advise' };
  if (ofSize.shmem !== undefined || shmem !== 'never' || collapses(question)) return undefined;
  return { file: `${THP}/shmem_enabled`, value: shmem, open: 'advise' };
}

/** madvise(MADV_COLLAPSE), Linux 6.1, makes huge pages of populated memory, and does not heed `never`. */
function collapses({ request, machine }: Question): boolean {
  const { major, minor } = machine.kernel() ?? { major: Infinity, minor: 0 };
  return request.prefault === 'now' && (major > 6 || (major === 6 && minor >= 1));
}
