/** What `hugepages ps` says to people. */
import type { ProcessAccount, UnreadableProcess, VanishedProcess } from '../../inspect/processes/account.js';
import type { ProcessGroup } from '../../inspect/processes/groups.js';
import { formatExactSize } from '../../units.js';
import { firstNames } from '../process-names.js';
import { printable } from '../printable.js';
import { heading } from '../render.js';
import { fittedTable } from './fit.js';
import type { PsReport } from './report.js';
import { sizeCell, sizeColumns } from './sizes.js';
import type { SizeColumn, Sized } from './sizes.js';

/** @param width - of the terminal */
export function renderPs({ processes, groups, unreadable, vanished }: PsReport, byNode: boolean, width = Infinity): string[] {
  return [
    ...(groups === undefined ? renderProcesses(processes ?? [], unreadable, byNode, width) : renderGroups(groups, byNode, width)),
    ...names('May not be looked into', unreadable),
    ...names('Not there, or ended meanwhile', vanished),
  ];
}

/** One look of `--watch`. */
export function renderFrame(report: PsReport, byNode: boolean, width?: number): string[] {
  return [`${heading('hugepages ps')}  ${new Date().toTimeString().slice(0, 8)}`, '', ...renderPs(report, byNode, width), ''];
}

function renderProcesses(
  processes: readonly ProcessAccount[],
  unreadable: readonly UnreadableProcess[],
  byNode: boolean,
  width: number,
): string[] {
  const known = unreadable.filter(({ hugetlbBytes = 0 }) => hugetlbBytes > 0);
  if (processes.length + known.length === 0) return ['No process that can be looked into has huge pages'];
  const columns = sizeColumns(processes, byNode);
  const rows = processes.map((account) => [String(account.pid), userOf(account), ...cells(columns, account), commandOf(account)]);
  const partly = known.map((entry) => [String(entry.pid), userOf(entry), ...partCells(columns, entry), commandOf(entry)]);
  const sizes = [...columns.keys()].map((column) => column + 2);
  const text = columns.length + 2;
  return fittedTable([['pid', 'user', ...titles(columns), 'command'], ...rows, ...partly], [1, text], [1, ...sizes.slice(0, -1)], width);
}

function renderGroups(groups: readonly ProcessGroup[], byNode: boolean, width: number): string[] {
  if (groups.length === 0) return ['No process that can be looked into has huge pages'];
  const columns = sizeColumns(groups, byNode);
  const rows = groups.map((group) => {
    const { cgroup = '?', container, pids } = group;
    const name = container === undefined ? '' : `${container.kind ?? ''} ${container.id.slice(0, 12)}`.trim();
    return [String(pids.length), ...cells(columns, group), printable(name), printable(cgroup)];
  });
  const sizes = [...columns.keys()].map((column) => column + 1);
  const container = columns.length + 1;
  const table = [['processes', ...titles(columns), 'container', 'cgroup'], ...rows];
  return fittedTable(table, [container, container + 1], [container, ...sizes.slice(0, -1)], width);
}

function titles(columns: readonly SizeColumn[]): string[] {
  return columns.map(({ title }) => title);
}

function cells(columns: readonly SizeColumn[], row: Sized): string[] {
  return columns.map((column) => sizeCell(column.of(row)));
}

/** Of a process that may not be looked into only the sum of its hugetlb pages is known. */
function partCells(columns: readonly SizeColumn[], { hugetlbBytes = 0 }: UnreadableProcess): string[] {
  return [...columns.slice(1).map(() => '?'), `>=${formatExactSize(hugetlbBytes)}`];
}

function userOf({ user, uid }: Pick<UnreadableProcess, 'user' | 'uid'>): string {
  return printable(user ?? String(uid ?? '?'));
}

/** In brackets what has no command line, as in ps(1). */
function commandOf({ name = '?', commandLine = [] }: Pick<UnreadableProcess, 'name' | 'commandLine'>): string {
  return printable(commandLine.length === 0 ? `[${name}]` : commandLine.join(' '));
}

function names(what: string, entries: readonly (UnreadableProcess | VanishedProcess)[]): string[] {
  if (entries.length === 0) return [];
  return [`${what}: ${String(entries.length)} (${firstNames(entries)})`];
}
