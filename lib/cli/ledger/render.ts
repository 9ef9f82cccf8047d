/** What `hugepages ledger` says to people. */
import type { Ledger, LedgerHolder, LedgerPool, LedgerRow, ObjectRow } from '../../inspect/ledger/types.js';
import { formatSize } from '../../units.js';
import { keyText } from '../../host/explain/segment.js';
import { foldedTable } from '../fold.js';
import { firstNames } from '../process-names.js';
import { printable } from '../printable.js';
import { bad, good, heading } from '../render.js';

/** Holders that a row names; `--json` names all. */
const NAMED = 3;

const TITLES = ['row', 'whose', 'used', 'reserved', 'used bytes', 'held by'];

/** @param width - of a terminal that cuts lines: what is wider is folded */
export function renderLedger(ledger: Ledger, width = Infinity): string[] {
  const pools = ledger.pools.flatMap((pool, index) => [...(index === 0 ? [] : ['']), ...renderPool(pool, width)]);
  return [...(ledger.pools.length === 0 ? ['  none: this kernel has no hugetlb pools'] : pools), ...renderSight(ledger)];
}

/** How much of everything was seen. */
export function renderSight({ consistent, gaps, unreadable }: Pick<Ledger, 'consistent' | 'gaps' | 'unreadable'>): string[] {
  const named = unreadable.map(({ pid, command }) => ({ pid, name: command }));
  const lines = [
    ...(consistent ? [] : [bad('The pools changed while they were read: rows are of different moments')]),
    ...gaps.map((gap) => `Not seen: ${gap}`),
    ...(named.length === 0 ? [] : [`  ${firstNames(named)}`]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function renderPool(pool: LedgerPool, width: number): string[] {
  const { pageSize, total, used, free, reserved, rows, residue } = pool;
  const pages = `${String(total)} ${total === 1 ? 'page' : 'pages'}`;
  const counts = `${pages}: ${String(used)} used, ${String(free)} free, of which ${String(reserved)} reserved`;
  const isBalanced = residue.used === 0 && residue.reserved === 0;
  const cells = rows.map((row, index) => [
    String(index + 1),
    nameOf(row),
    String(row.used),
    String(row.reserved),
    formatSize(row.used * pageSize),
    holdersOf(row),
  ]);
  const verdict = isBalanced ? good('accounted for') : bad('not accounted for');
  const sum = ['', 'all', String(used), String(reserved), formatSize(used * pageSize), verdict];
  const reasons = rows.flatMap((row) => (row.kind === 'residue' ? row.reasons : []));
  return [
    `${heading(formatSize(pageSize))}  ${counts}`,
    ...(total === 0 && rows.length === 0 ? [] : foldedTable([TITLES, ...cells, sum], width, [1, 5])),
    ...(reasons.length === 0 ? [] : ['  What is left over may be:', ...reasons.map((reason) => `    ${reason}`)]),
    ...renderSurplus(pool),
  ];
}

function nameOf(row: LedgerRow): string {
  switch (row.kind) {
    case 'private':
      return row.holders.length > 1 ? 'private memory, common since fork' : 'private memory';
    case 'anonymous':
      return 'shared memory';
    case 'memfd':
      return `memfd ${printable(row.name)}`;
    case 'sysv':
      return segmentName(row);
    case 'file':
      return `${printable(row.name)}${row.linked ? '' : ' (deleted)'}`;
    case 'mount':
      return `min_size of ${printable(row.mountPoint)}`;
    case 'undetermined':
      return `of rows ${row.among.map((other) => String(other.row + 1)).join(', ')}`;
    case 'residue':
      return 'left over';
  }
}

function segmentName({ inode, segment }: ObjectRow): string {
  const key = segment === undefined ? '' : ` key ${keyText(segment.key)}`;
  const namespace = segment?.namespace === undefined ? '' : ` of ${segment.namespace.name}`;
  return `segment ${String(inode)}${key}${namespace}`;
}

function holdersOf(row: LedgerRow): string {
  if (row.kind === 'mount' || row.kind === 'undetermined' || row.kind === 'residue') return '';
  if (row.kind !== 'private' && row.holders.length === 0) return row.holdersComplete ? 'nobody' : 'no process that can be looked into';
  const more = row.holders.length > NAMED ? [`${String(row.holders.length - NAMED)} more`] : [];
  return [...row.holders.slice(0, NAMED).map(holderOf), ...more].join(', ');
}

/** What is only open is said: everybody else maps it. */
function holderOf({ pid, command, uses }: LedgerHolder): string {
  return `${String(pid)} ${printable(command)}${uses.includes('mapped') ? '' : ' (open)'}`;
}

function renderSurplus({ surplus: { pages, overcommit, shrunk } }: LedgerPool): string[] {
  if (pages === 0) return [];
  const text = `  ${String(pages)} surplus, which leave the pool when they are freed; ${String(overcommit)} may be made on demand`;
  return [shrunk === 0 ? text : `${text}, so ${String(shrunk)} are of a pool that was made smaller`];
}
