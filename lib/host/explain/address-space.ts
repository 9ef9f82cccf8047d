/** Room for addresses: mmap_region() of mm/vma.c and may_expand_vm() of mm/mmap.c. Every refusal is ENOMEM of mmap(2). */
import { MAX_BYTES, formatSize } from '../../units.js';
import type { ResourceLimit } from '../process-status.js';
import { commandRemedy, sudo } from '../remedy.js';
import { describe } from './question.js';
import type { Question, Rule } from './question.js';
import type { Reason } from './types.js';

/** The smallest page of any architecture is 4 KiB, and guards are two base pages: too little to be exact about. */
const GUARD = 4096;

const refused = { error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'map' } as const;

export const mappingCount: Rule = ({ machine }) => {
  const { mapCount, maxMapCount } = machine.memory();
  if (mapCount <= maxMapCount) return [];
  const command = `${sudo()}sysctl -w vm.max_map_count=${String(2 * maxMapCount)}`;
  return [
    {
      ...refused,
      code: 'too-many-mappings',
      message: `This process has ${String(mapCount)} mappings, and vm.max_map_count is ${String(maxMapCount)}`,
      details: { mapCount, maxMapCount },
      remedy: commandRemedy('Take fewer and larger regions, or raise it', command, true),
    },
  ];
};

export const addressSpace: Rule = (question) => {
  const { mappedBytes, dataBytes, addressSpace: space, data } = question.machine.limits();
  const span = addressesNeeded(question);
  const reasons: Reason[] = [];
  if (mappedBytes + span > MAX_BYTES) {
    reasons.push({
      ...refused,
      code: 'address-space',
      message: `${describe(question.candidate)} do not fit into the address space of a process`,
      details: { neededBytes: span, mappedBytes },
    });
  }
  if (mappedBytes + span > space.soft) {
    reasons.push(limited('rlimit-address-space', 'RLIMIT_AS', { option: 'v', name: 'as' }, mappedBytes, span, space));
  }
  // The kernel lets a soft limit of 0 pass while the hard one is kept: Valgrind relies on it.
  const dataLimit = data.soft === 0 ? data.hard : data.soft;
  const { byteLength } = question.candidate;
  if (!question.request.shared && dataBytes + byteLength > dataLimit) {
    reasons.push(limited('rlimit-data', 'RLIMIT_DATA', { option: 'd', name: 'data' }, dataBytes, byteLength, data));
  }
  return reasons;
};

/** For guards, and for more alignment than the kernel gives by itself, a larger area is reserved first. */
function addressesNeeded({ request, candidate }: Question): number {
  const { backing, pageSize, byteLength } = candidate;
  const natural = backing === 'hugetlb' ? pageSize : GUARD;
  const alignment = Math.max(request.alignment, pageSize);
  if (!request.guard && alignment <= natural) return byteLength;
  return byteLength + alignment + (request.guard ? 2 * GUARD : 0);
}

function limited(
  code: string,
  limit: string,
  { option, name }: { option: string; name: string },
  usedBytes: number,
  neededBytes: number,
  { soft, hard }: ResourceLimit,
): Reason {
  const wanted = usedBytes + neededBytes;
  const needsRoot = wanted > hard;
  const command = needsRoot
    ? `${sudo()}prlimit --pid $$ --${name}=unlimited`
    : `ulimit -S -${option} ${hard === Infinity ? 'unlimited' : String(Math.floor(hard / 1024))}`;
  return {
    ...refused,
    code,
    message: `${formatSize(neededBytes)} more would pass ${limit}: ${formatSize(usedBytes)} are in use of ${formatSize(soft)}`,
    details: { neededBytes, usedBytes, soft, hard },
    remedy: commandRemedy(`Raise ${limit} in the shell that starts the process`, command, needsRoot),
  };
}
