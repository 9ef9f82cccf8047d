/** What vm.overcommit_memory says of memory that is not hugetlb: __vm_enough_memory() of mm/util.c. ENOMEM of mmap(2). */
import { formatSize } from '../../units.js';
import { commandRemedy, sudo } from '../remedy.js';
import type { Machine } from './machine.js';
import type { Question, Rule } from './question.js';
import type { Reason } from './types.js';

const HEURISTIC = 0;
const STRICT = 2;

const refused = { code: 'overcommit', error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'map' } as const;

export const commit: Rule = (question) => {
  const { request, candidate, machine } = question;
  if (isCommittedWhenTouched(question)) return [];
  const { overcommitMode, total, swapTotal } = machine.memory();
  const { byteLength } = candidate;
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
  return strictly(question);
};

function strictly({ candidate, machine }: Question): Reason[] {
  const { overcommitMode, committed } = machine.memory();
  const { byteLength } = candidate;
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
}

/** A memfd promises nothing when it is mapped: EFAULT of madvise(2). */
export const commitWhenTouched: Rule = (question) => {
  if (!isCommittedWhenTouched(question)) return [];
  return strictly(question).map((reason) => ({ ...reason, error: 'ERR_HUGEPAGES_POPULATE', step: 'populate' }));
};

function isCommittedWhenTouched({ request }: Question): boolean {
  return request.source.kind === 'memfd' && request.shared;
}

/** What is kept for root, who may clean up, and for the user, of whom one process shall not take all. */
function strictLimit(machine: Machine): number {
  const { commitLimit, adminReserve, userReserve } = machine.memory();
  const { mappedBytes, capabilities } = machine.limits();
  return commitLimit - (capabilities.sysAdmin ? 0 : adminReserve) - Math.min(mappedBytes / 32, userReserve);
}
