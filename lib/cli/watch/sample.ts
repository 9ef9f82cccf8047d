/** The counters at one moment, and what became of them since the moment before. */
import type { PoolSnapshot } from '../../host/pools/pools.js';
import type { VmstatCounters } from '../../host/vmstat.js';

/** What is read at each tick. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly pools: readonly PoolSnapshot[];
  readonly vmstat: VmstatCounters;
}

const COUNTERS = ['total', 'used', 'free', 'reserved', 'surplus'] as const;

/** Pages of a pool, or of one node of it; the kernel does not count reservations by node. */
export type PageCounts = Readonly<Partial<Record<(typeof COUNTERS)[number], number>>>;

/** One pool at a tick; `node` is set for the part of it on one node. */
export interface WatchedPool {
  readonly pageSize: number;
  readonly isDefault: boolean;
  readonly node?: number;
  readonly pages: PageCounts;
  /** Since the tick before; zeros at the first. */
  readonly change: PageCounts;
}

/** One tick: what `hugepages watch --json` prints in a line. */
export interface Tick {
  /** Of the reading, as in ISO 8601. */
  readonly time: string;
  readonly pools: readonly WatchedPool[];
  /** Events per second since the tick before, by the names of /proc/vmstat; none at the first. */
  readonly perSecond: VmstatCounters;
}

/** Compares a sample with the one before it. */
export function tick(sample: Sample, before: Sample = sample): Tick {
  const earlier = new Map(rows(before).map((row) => [keyOf(row), row.pages]));
  const seconds = (sample.time - before.time) / 1000;
  return {
    time: new Date(sample.time).toISOString(),
    pools: rows(sample).map((row) => ({ ...row, change: difference(row.pages, earlier.get(keyOf(row)) ?? row.pages) })),
    perSecond: seconds > 0 ? rates(sample.vmstat, before.vmstat, seconds) : {},
  };
}

/** Tells the rows of a tick apart. */
export function keyOf({ pageSize, node }: Pick<WatchedPool, 'pageSize' | 'node'>): string {
  return `${String(pageSize)}/${String(node)}`;
}

// A pool that grows between the two readings has more free pages than it had in all.
function used(total: number, free: number): number {
  return Math.max(0, total - free);
}

/** One row for each pool, and one for each node of it when there are several. */
function rows({ pools }: Sample): Omit<WatchedPool, 'change'>[] {
  return pools.flatMap(({ pageSize, isDefault, total, free, reserved, surplus, perNode }) => [
    { pageSize, isDefault, pages: { total, used: used(total, free), free, reserved, surplus } },
    ...(perNode.length > 1 ? perNode : []).map((part) => ({
      ...{ pageSize, isDefault, node: part.node },
      pages: { total: part.total, used: used(part.total, part.free), free: part.free, surplus: part.surplus },
    })),
  ]);
}

function difference(now: PageCounts, before: PageCounts): PageCounts {
  const present = COUNTERS.filter((name) => now[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, (now[name] ?? 0) - (before[name] ?? 0)]));
}

function rates(now: VmstatCounters, before: VmstatCounters, seconds: number): VmstatCounters {
  return Object.fromEntries(Object.entries(now).map(([name, count]) => [name, (count - (before[name] ?? count)) / seconds]));
}
