/** A tick as text: a screenful for a terminal, a line elsewhere. */
import type { VmstatCounters } from '../../host/vmstat.js';
import { formatSize } from '../../units.js';
import { heading, table } from '../render.js';
import type { History } from './history.js';
import type { PageCounts, Tick, WatchedPool } from './sample.js';
import { sparkline } from './sparkline.js';

const COLUMNS = ['total', 'used', 'free', 'reserved', 'surplus'] as const;

/** With more, the table would not fit into 80 columns. */
const CHANGE_WIDTH = 4;

/** Events whose rates are shown; `--json` has all. */
const EVENTS = /^(?:htlb_\w+|thp_fault_alloc|thp_fault_fallback|thp_collapse_alloc|compact_(?:stall|success|fail|isolated))$/;

/** The lines of a terminal that is `columns` wide. */
export function renderFrame({ time, pools, perSecond }: Tick, history: History, columns: number): string[] {
  return [
    `${heading('hugepages watch')}  ${clock(time)}`,
    '',
    ...(pools.length === 0 ? ['  none: this kernel has no hugetlb pools'] : renderPages(pools)),
    '',
    heading('Used pages over time'),
    ...renderHistory(pools, history, columns),
    '',
    heading('Events per second'),
    ...table(shownEvents(perSecond).map(([name, rate]) => [name, rate.toFixed(1)])),
  ];
}

/** One line without a terminal: all pools, what changed, and the events that happened. */
export function renderLine({ time, pools, perSecond }: Tick): string {
  const parts = pools.map((row) => {
    const counts = COLUMNS.flatMap((name) => {
      const text = countText(row, name);
      return text === '' ? [] : [`${name} ${text}`];
    });
    return `${nameOf(row)}: ${counts.join(', ')}`;
  });
  const events = shownEvents(perSecond).filter(([, rate]) => rate !== 0);
  return [clock(time), ...parts, ...events.map(([name, rate]) => `${name} ${rate.toFixed(1)}/s`)].join('  ');
}

function renderPages(pools: readonly WatchedPool[]): string[] {
  // Room for each change, also while there is none: little moves from tick to tick.
  const width = Math.max(CHANGE_WIDTH, ...pools.flatMap(({ change }) => COLUMNS.map((name) => signed(change[name]).length)));
  const cell = (count: string, change: string): string => `${count} ${change.padStart(width)}`;
  const cells = ({ pages, change }: WatchedPool): string[] => COLUMNS.map((name) => cell(String(pages[name] ?? ''), signed(change[name])));
  const titles = COLUMNS.map((name) => cell(name, '±'));
  return table([['pool (pages)', ...titles], ...pools.map((row) => [`${indent(row)}${nameOf(row)}`, ...cells(row)])]);
}

function renderHistory(pools: readonly WatchedPool[], history: History, columns: number): string[] {
  const names = pools.map((row) => `  ${indent(row)}${nameOf(row)}`);
  const width = Math.max(0, ...names.map((name) => name.length)) + 2;
  return pools.map((row, index) => {
    const used = history.of(row);
    return `${(names[index] ?? '').padEnd(width)}${sparkline(used, Math.max(row.pages.total ?? 0, ...used), columns - width)}`;
  });
}

function shownEvents(perSecond: VmstatCounters): [name: string, rate: number][] {
  return Object.entries(perSecond).filter(([name]) => EVENTS.test(name));
}

function countText({ pages, change }: WatchedPool, name: keyof PageCounts): string {
  const count = pages[name];
  if (count === undefined) return '';
  const difference = signed(change[name]);
  return difference === '' ? String(count) : `${String(count)} (${difference})`;
}

function signed(difference = 0): string {
  if (difference === 0) return '';
  return difference > 0 ? `+${String(difference)}` : String(difference);
}

function nameOf({ pageSize, isDefault, node }: WatchedPool): string {
  if (node !== undefined) return `node ${String(node)}`;
  return `${formatSize(pageSize)}${isDefault ? ' (default)' : ''}`;
}

function indent({ node }: WatchedPool): string {
  return node === undefined ? '' : '  ';
}

function clock(time: string): string {
  return new Date(time).toTimeString().slice(0, 8);
}
