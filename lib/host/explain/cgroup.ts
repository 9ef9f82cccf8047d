/** The hugetlb limits of the cgroup and of all above it: hugetlb_cgroup_charge_cgroup() of mm/hugetlb_cgroup.c. */
import { controllerPageSize } from '../cgroups.js';
import type { HugetlbCgroupLevel } from '../cgroups.js';
import { formatSize } from '../../units.js';
import { raiseCgroup } from '../raise-cgroup.js';
import { presentBytes } from './adopted.js';
import type { Question, Rule } from './question.js';
import type { Reason } from './types.js';

/** The whole mapping is charged at once: ENOMEM of mmap(2). */
export const reservedCharge: Rule = (question) =>
  question.request.reserve ? charge(question, 'reserved', { error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'map' }) : [];

/** A page without a reservation is charged as one when it is touched: EFAULT of madvise(2). */
export const unreservedCharge: Rule = (question) =>
  question.request.reserve ? [] : charge(question, 'reserved', { error: 'ERR_HUGEPAGES_POPULATE', step: 'populate' });

/** And every page when it is touched: EFAULT of madvise(2). */
export const pageCharge: Rule = (question) => charge(question, 'used', { error: 'ERR_HUGEPAGES_POPULATE', step: 'populate' });

const CHARGES = {
  reserved: {
    code: 'cgroup-reservations',
    names: { 1: 'rsvd.limit_in_bytes', 2: 'rsvd.max' },
    of: ({ reservedLimit, reservedUsage }: HugetlbCgroupLevel) => ({ limit: reservedLimit, usage: reservedUsage }),
  },
  used: {
    code: 'cgroup-pages',
    names: { 1: 'limit_in_bytes', 2: 'max' },
    of: ({ limit, usage }: HugetlbCgroupLevel) => ({ limit, usage }),
  },
} as const;

function charge(question: Question, kind: keyof typeof CHARGES, where: Pick<Reason, 'error' | 'step'>): Reason[] {
  const { code, names, of } = CHARGES[kind];
  const { candidate, machine } = question;
  const { pageSize } = candidate;
  const byteLength = candidate.byteLength - presentBytes(question);
  if (byteLength <= 0) return [];
  return machine
    .cgroups()
    .hugetlb.filter((controller) => controller.pageSize === pageSize)
    .flatMap(({ version, readOnly, levels }) =>
      levels.flatMap((level) => {
        const { limit, usage } = of(level);
        if (usage + byteLength <= limit) return [];
        const file = `${level.directory}/hugetlb.${controllerPageSize(pageSize)}.${names[version]}`;
        return [
          {
            ...where,
            code,
            message:
              `${formatSize(byteLength)} would pass the ${kind === 'used' ? 'limit' : 'limit of reservations'} of cgroup ${level.path}: ` +
              `${formatSize(usage)} of ${formatSize(limit)} is taken`,
            details: { cgroup: level.path, file, limit, usage, neededBytes: byteLength },
            remedy: raiseCgroup('Raise it', readOnly, { [file]: usage + byteLength }),
          },
        ];
      }),
    );
}
