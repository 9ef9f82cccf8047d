/** Whether the kernel has such pages at all. */
import { formatSize } from '../../units.js';
import type { Rule } from './question.js';

export const backingExists: Rule = ({ candidate: { backing, pageSize }, machine }) => {
  if (backing === 'thp' && machine.thp().pmdSize === undefined) {
    const message = 'This kernel has no transparent huge pages';
    return [{ code: 'no-thp', error: 'ERR_HUGEPAGES_UNSUPPORTED', step: 'map', message, details: {} }];
  }
  if (backing !== 'hugetlb') return [];
  const available = machine.pools().map((pool) => pool.pageSize);
  if (available.includes(pageSize)) return [];
  if (available.length === 0) {
    const message = 'This kernel has no hugetlb pools';
    return [{ code: 'no-hugetlb', error: 'ERR_HUGEPAGES_UNSUPPORTED', step: 'map', message, details: {} }];
  }
  const sizes = available.map(formatSize).join(', ');
  return [
    {
      code: 'no-such-page-size',
      error: 'ERR_HUGEPAGES_PAGE_SIZE',
      step: 'map',
      message: `This machine has no hugetlb pool of ${formatSize(pageSize)} pages; it has: ${sizes}`,
      details: { pageSize, available },
      remedy: { sentence: `Take one of those: ${sizes}`, needsRoot: false },
    },
  ];
};
