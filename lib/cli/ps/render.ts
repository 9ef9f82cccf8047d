/** What `hugepages ps` says to people. */
import type { ProcessAccount, UnreadableProcess, VanishedProcess } from '../../inspect/processes/account.js';
import type { ProcessGroup } from '../../inspect/processes/groups.js';
import { formatSize } from '../../units.js';
import { firstNames } from '../process-names.js';
import { printable } from '../printable.js';
import { heading, table } from '../render.js';
import type { PsReport } from './report.js';
import { sizeCell, sizeColumns } from './sizes.js';
import type { SizeColumn, Sized } from './sizes.js';

/** @param width - of the terminal; lines are cut there */
export function renderPs({ processes, groups, unreadable, vanished }: PsReport, byNode: boolean, width = Infinity): string[] {
  const lines = groups === undefined ? renderProcesses(processes ?? [], unreadable, byNode) : renderGroups(groups, byNode);
  return [
    ...lines.map((line) => line.slice(0, width)),
    ...names('May not be looked into', unreadable),
    ...names('Not there, or ended meanwhile', vanished),
  ];
}

/** One look of `--watch`. */
export function renderFrame(report: PsReport, byNode: boolean, width?: number): string[] {
  return [`${heading('hugepages ps')}  ${new Date().toTimeString().slice(0, 8)}`, '', ...renderPs(report, byNode, width), ''];
}

function renderProcesses(processes: readonly ProcessAccount[], unreadable: readonly UnreadableProcess[], byNode: boolean): string[] {
  const known = unreadable.filter(({ hugetlbBytes = 0 }) => hugetlbBytes > 0);
  if (processes.length + known.length === 0) return ['No process that can be looked into has huge pages'];
  const columns = sizeColumns(processes, byNode);
  const rows = processes.map((account) => [String(account.pid), userOf(account), ...cells(columns, account), commandOf(account)]);
  const partly = known.map((entry) => [String(entry.pid), userOf(entry), ...partCells(columns, entry), commandOf(entry)]);
  return table([['pid', 'user', ...titles(columns), 'command'], ...rows, ...partly], [1, columns.length + 2]);
}

function renderGroups(groups: readonly ProcessGroup[], byNode: boolean): string[] {
  if (groups.length === 0) return ['No process that can be looked into has huge pages'];
  const columns = sizeColumns(groups, byNode);
  const rows = groups.map((group) => {
    const { cgroup = '?', container, pids } = group;
    const name = container === undefined ? '' : `${container.kind ?? ''} ${container.id.slice(0, 12)}`.trim();
    return [String(pids.length), ...cells(columns, group), printable(name), printable(cgroup)];
  });
  return table([['processes', ...titles(columns), 'container', 'cgroup'], ...rows], [columns.length + 1, columns.length + 2]);
}

function titles(columns: readonly SizeColumn[]): string[] {
  return columns.map(({ title }) => title);
}

function cells(columns: readonly SizeColumn[], row: Sized): string[] {
  return columns.map((column) => sizeCell(column.of(row)));
}

/** Of a process that may not be looked into only the sum of its hugetlb pages is known. */
function partCells(columns: readonly SizeColumn[], { hugetlbBytes = 0 }: UnreadableProcess): string[] {
  return [...columns.slice(1).map(() => '?'), `>=${formatSize(hugetlbBytes)}`];
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
