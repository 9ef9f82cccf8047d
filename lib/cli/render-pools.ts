/** The pools as a table. */
import type { PoolSnapshot } from '../host/pools/pools.js';
import { formatSize } from '../units.js';
import { table } from './render.js';

/** One row for each pool, and one for each node of it when there are several. */
export function renderPools(pools: readonly PoolSnapshot[]): string[] {
  if (pools.length === 0) return ['  none: this kernel has no hugetlb pools'];
  const rows = pools.flatMap((pool) => [
    [
      `${formatSize(pool.pageSize)}${pool.isDefault ? ' (default)' : ''}`,
      ...[pool.total, pool.free, pool.reserved, pool.surplus, pool.overcommit].map(String),
    ],
    ...(pool.perNode.length > 1 ? pool.perNode : []).map(({ node, total, free, surplus }) => [
      `  node ${String(node)}`,
      ...[total, free, '', surplus, ''].map(String),
    ]),
  ]);
  return table([['pool (pages)', 'total', 'free', 'reserved', 'surplus', 'overcommit'], ...rows]);
}
