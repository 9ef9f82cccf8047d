/** Sorting processes. */
import type { ProcessAccount, ProcessEntry } from './account.js';
import { hugetlbBytes, thpBytes } from './use.js';

/** Sizes come largest first, names and numbers in their order. */
export const ORDERS = ['pid', 'total', 'hugetlb', 'thp', 'resident', 'name', 'user'] as const;
export type ProcessOrder = (typeof ORDERS)[number];

const SIZES: Partial<Record<ProcessOrder, (account: ProcessAccount) => number>> = {
  total: ({ total }) => total,
  hugetlb: hugetlbBytes,
  thp: thpBytes,
  resident: ({ resident }) => resident,
};

const TEXTS: Partial<Record<ProcessOrder, (account: ProcessAccount) => string>> = {
  name: ({ name }) => name,
  user: ({ user, uid }) => user ?? String(uid),
};

/** By `order`, equal ones by pid; behind them those that could not be read. */
export function sorted(entries: readonly ProcessEntry[], order: ProcessOrder): ProcessEntry[] {
  const accounts = entries.filter((entry) => entry.state === 'read');
  const others = entries.filter((entry) => entry.state !== 'read');
  const [size, text] = [SIZES[order], TEXTS[order]];
  const compare = (a: ProcessAccount, b: ProcessAccount): number => {
    if (size !== undefined) return size(b) - size(a);
    return text === undefined ? 0 : text(a).localeCompare(text(b));
  };
  return [...accounts.sort((a, b) => compare(a, b) || a.pid - b.pid), ...others.sort((a, b) => a.pid - b.pid)];
}
