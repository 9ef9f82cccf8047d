/** What `hugepages ps` finds. */
import type { ProcessAccount, UnreadableProcess, VanishedProcess } from '../../inspect/processes/account.js';
import { groupByCgroup } from '../../inspect/processes/groups.js';
import type { GroupOrder, ProcessGroup } from '../../inspect/processes/groups.js';
import { processes } from '../../inspect/processes/processes.js';
import type { ProcessesOptions } from '../../inspect/processes/processes.js';

/** What `hugepages ps --json` prints: processes, or cgroups in their place. */
export interface PsReport {
  readonly processes?: readonly ProcessAccount[];
  readonly groups?: readonly ProcessGroup[];
  readonly unreadable: readonly UnreadableProcess[];
  readonly vanished: readonly VanishedProcess[];
}

/** @param groupOrder - given for cgroups in place of processes */
export async function readReport(options: ProcessesOptions, groupOrder?: GroupOrder): Promise<PsReport> {
  const found: ProcessAccount[] = [];
  const unreadable: UnreadableProcess[] = [];
  const vanished: VanishedProcess[] = [];
  for await (const entry of processes(options)) {
    if (entry.state === 'read') found.push(entry);
    else if (entry.state === 'unreadable') unreadable.push(entry);
    else vanished.push(entry);
  }
  const what = groupOrder === undefined ? { processes: found } : { groups: groupByCgroup(found, groupOrder) };
  return { ...what, unreadable, vanished };
}
