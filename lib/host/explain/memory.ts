/** Memory for pages that are not hugetlb, and memory cgroups. Where it is short, the kernel kills a process instead of refusing. */
import { formatSize } from '../../units.js';
import { raiseCgroup } from '../raise-cgroup.js';
import type { Rule } from './question.js';

const short = { error: 'ERR_HUGEPAGES_POPULATE', step: 'populate' } as const;

export const memoryCgroup: Rule = ({ candidate, machine }) => {
  const { version, readOnly, levels } = machine.cgroups().memory;
  const isHugetlb = candidate.backing === 'hugetlb';
  if (isHugetlb && !machine.cgroups().accountsHugetlb) return [];
  const { byteLength } = candidate;
  const { swapFree } = machine.memory();
  return levels
    .filter(({ limit, usage, reclaimable }) => usage - reclaimable + byteLength > limit + (isHugetlb ? 0 : swapFree))
    .map(({ path, directory, limit, usage, reclaimable }) => {
      const file = `${directory}/${version === 2 ? 'memory.max' : 'memory.limit_in_bytes'}`;
      const end = isHugetlb ? 'the kernel would refuse the pages' : 'the kernel would kill a process of it';
      return {
        ...short,
        code: 'memory-cgroup',
        message:
          `${formatSize(byteLength)} would pass the memory limit of cgroup ${path}: ` +
          `${formatSize(usage)} of ${formatSize(limit)} is taken, and ${end}`,
        details: { cgroup: path, file, limit, usage, reclaimable, neededBytes: byteLength },
        remedy: raiseCgroup('Raise it', readOnly, { [file]: usage + byteLength }),
      };
    });
};

export const machineMemory: Rule = ({ candidate, machine }) => {
  const { available, swapFree } = machine.memory();
  const { byteLength } = candidate;
  if (candidate.backing === 'hugetlb' || byteLength <= available + swapFree) return [];
  return [
    {
      ...short,
      code: 'out-of-memory',
      message:
        `${formatSize(byteLength)} is more than the memory that is available, ${formatSize(available + swapFree)} with swap: ` +
        'the kernel would kill a process',
      details: { neededBytes: byteLength, available, swapFree },
      remedy: { sentence: 'Ask for less, or stop what else uses memory; a hugetlb pool keeps pages that are not used', needsRoot: false },
    },
  ];
};
