/** Room for addresses: mmap_region() of mm/vma.c and may_expand_vm() of mm/mmap.c. Every refusal is ENOMEM of mmap(2). */
import { MAX_BYTES, formatSize } from '../../units.js';
import type { ProcessLimits } from '../limits.js';
import { raiseLimit } from '../raise-limit.js';
import { commandRemedy, sudo } from '../remedy.js';
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
  const limits = question.machine.limits();
  const { mappedBytes, dataBytes, addressSpace: space, data } = limits;
  const span = addressesNeeded(question);
  const reasons: Reason[] = [];
  if (mappedBytes + span > MAX_BYTES) {
    reasons.push({
      ...refused,
      code: 'address-space',
      message: `${formatSize(question.candidate.byteLength)} does not fit into the address space of a process`,
      details: { neededBytes: span, mappedBytes },
    });
  }
  if (mappedBytes + span > space.soft) {
    reasons.push(limited('addressSpace', mappedBytes, span, limits));
  }
  // The kernel lets a soft limit of 0 pass while the hard one is kept: Valgrind relies on it.
  const dataLimit = data.soft === 0 ? data.hard : data.soft;
  const { byteLength } = question.candidate;
  if (!question.request.shared && dataBytes + byteLength > dataLimit) {
    reasons.push(limited('data', dataBytes, byteLength, limits));
  }
  return reasons;
};

/** For guards, and for more alignment than the kernel gives by itself, a larger area is reserved first. */
function addressesNeeded({ request, candidate }: Question): number {
  const { backing, pageSize, byteLength } = candidate;
  const natural = backing === 'hugetlb' ? pageSize : GUARD;
  const alignment = Math.max(request.alignment, pageSize);
  if (!request.guard && alignment <= natural) return byteLength;
  // A segment that goes with its last mapping is mapped elsewhere until it is in its place.
  const first = request.source.kind === 'sysv' && !request.source.persistent ? byteLength : 0;
  return first + byteLength + alignment + (request.guard ? 2 * GUARD : 0);
}

const LIMITS = {
  addressSpace: { code: 'rlimit-address-space', resource: 'RLIMIT_AS' },
  data: { code: 'rlimit-data', resource: 'RLIMIT_DATA' },
} as const;

function limited(limit: keyof typeof LIMITS, usedBytes: number, neededBytes: number, limits: ProcessLimits): Reason {
  const { code, resource } = LIMITS[limit];
  const { soft, hard } = limits[limit];
  return {
    ...refused,
    code,
    message: `${formatSize(neededBytes)} more would pass ${resource}: ${formatSize(usedBytes)} of ${formatSize(soft)} is in use`,
    details: { neededBytes, usedBytes, soft, hard },
    remedy: raiseLimit(limit, usedBytes + neededBytes, limits),
  };
}
