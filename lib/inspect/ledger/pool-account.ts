/** One pool with its rows, which add up to its counters. */
import type { PoolSnapshot } from '../../host/pools/pools.js';
import type { LedgerPool, LedgerRow } from './types.js';

/** @param reasons - what pages may be that no row has */
export function poolAccount(pool: PoolSnapshot, rows: readonly LedgerRow[], reasons: readonly string[]): LedgerPool {
  const { pageSize, total, free, reserved, surplus, overcommit } = pool;
  const used = total - free;
  const residue = { used: used - sum(rows.map((row) => row.used)), reserved: reserved - sum(rows.map((row) => row.reserved)) };
  const isBalanced = residue.used === 0 && residue.reserved === 0;
  return {
    pageSize,
    total,
    free,
    used,
    reserved,
    surplus: { pages: surplus, overcommit, shrunk: Math.max(0, surplus - overcommit) },
    rows: isBalanced ? rows : [...rows, { kind: 'residue', ...residue, holders: [], reasons }],
    residue,
  };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
