/** Whether a process gets transparent huge pages: __thp_vma_allowable_orders() of mm/huge_memory.c. No system call fails on it. */
import { writeRemedy } from '../remedy.js';
import type { Question, Rule } from './question.js';

const DIRECTORY = '/sys/kernel/mm/transparent_hugepage';
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
  const { enabled, shmem } = machine.thp();
  const file = request.shared ? 'shmem_enabled' : 'enabled';
  const value = request.shared ? shmem : enabled;
  if (value !== 'deny' && (value !== 'never' || collapses(question))) return [];
  return [
    {
      ...missing,
      code: 'thp-off',
      message: `Transparent huge pages are off${request.shared ? ' for shared memory' : ''}: ${DIRECTORY}/${file} is '${value}'`,
      details: { [file]: value },
      remedy: writeRemedy('Let programs ask for them', `${DIRECTORY}/${file}`, request.shared ? 'advise' : 'madvise'),
    },
  ];
};

/** madvise(MADV_COLLAPSE), Linux 6.1, makes huge pages of populated memory, and does not heed `never`. */
function collapses({ request, machine }: Question): boolean {
  const { major, minor } = machine.kernel() ?? { major: Infinity, minor: 0 };
  return request.prefault === 'now' && (major > 6 || (major === 6 && minor >= 1));
}
