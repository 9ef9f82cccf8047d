/** What vm.overcommit_memory says of memory that is not hugetlb: __vm_enough_memory() of mm/util.c. ENOMEM of mmap(2). */
import { formatSize } from '../../units.js';
import { commandRemedy, sudo } from '../remedy.js';
import type { Machine } from './machine.js';
import type { Rule } from './question.js';

const HEURISTIC = 0;
const STRICT = 2;

export const commit: Rule = ({ request, candidate, machine }) => {
  if (candidate.backing === 'hugetlb') return [];
  const { overcommitMode, total, swapTotal, committed } = machine.memory();
  const { byteLength } = candidate;
  const refused = { code: 'overcommit', error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'map' } as const;
  // MAP_NORESERVE is only heard by the heuristic.
  if (overcommitMode === HEURISTIC && request.reserve && byteLength > total + swapTotal) {
    return [
      {
        ...refused,
        message: `${formatSize(byteLength)} is more than all memory and swap of the machine, ${formatSize(total + swapTotal)}`,
        details: { overcommitMode, neededBytes: byteLength, total, swapTotal },
        remedy: { sentence: 'Ask for less, or, for memory of which little is touched, with reserve: false', needsRoot: false },
      },
    ];
  }
  const commitLimit = strictLimit(machine);
  if (overcommitMode === STRICT && committed + byteLength >= commitLimit) {
    return [
      {
        ...refused,
        message:
          `vm.overcommit_memory is 2, and the machine may promise ${formatSize(commitLimit)} of memory: ` +
          `${formatSize(committed)} is promised, ${formatSize(byteLength)} more is asked for`,
        details: { overcommitMode, neededBytes: byteLength, commitLimit, committed },
        remedy: commandRemedy('Let the kernel promise more', `${sudo()}sysctl -w vm.overcommit_memory=0`, true),
      },
    ];
  }
  return [];
};

/** What is kept for root, who may clean up, and for the user, of whom one process shall not take all. */
function strictLimit(machine: Machine): number {
  const { commitLimit, adminReserve, userReserve } = machine.memory();
  const { mappedBytes, capabilities } = machine.limits();
  return commitLimit - (capabilities.sysAdmin ? 0 : adminReserve) - Math.min(mappedBytes / 32, userReserve);
}
