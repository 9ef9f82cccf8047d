/** What `hugepages ledger --leaks` says to people. */
import type { Leak, Leaks } from '../../inspect/ledger/leaks.js';
import { formatSize } from '../../units.js';
import { keyText } from '../../host/explain/segment.js';
import { pasteable, printable } from '../printable.js';
import { renderSight } from './render.js';

export function renderLeaks({ leaks, ...sight }: Leaks): string[] {
  const lines = leaks.flatMap((leak) => [describe(leak), ...(leak.command === undefined ? [] : [`  ${pasteable(leak.command)}`])]);
  return [...(leaks.length === 0 ? ['Nothing was left behind'] : lines), ...renderSight(sight)];
}

function describe(leak: Leak): string {
  if (leak.kind === 'changes') {
    return `${printable(leak.purpose)} (pid ${String(leak.pid)}) was killed, and left ${String(leak.count)} changed`;
  }
  const { used, reserved, pageSize } = leak;
  const pages = `${String(used)} used and ${String(reserved)} reserved pages of ${formatSize(pageSize)}`;
  if (leak.kind === 'file') {
    const who = `no process${leak.certain ? '' : ' that can be looked into'}`;
    return `${printable(leak.path)}: ${pages}, which ${who} maps or has open${whileRuns('mount', leak.throughPid)}`;
  }
  const { id, key, creatorPid, namespace } = leak.segment;
  const maker = leak.creatorEnded ? `whose maker has ended (pid ${String(creatorPid)})` : `made by pid ${String(creatorPid)}`;
  return `segment ${String(id)}, key ${keyText(key)}: ${pages}, attached by nobody, ${maker}${whileRuns('IPC', namespace?.pid)}`;
}

/** Another process may get the number later: the command would reach what is there. */
function whileRuns(kind: string, pid: number | undefined): string {
  return pid === undefined ? '' : `; in another ${kind} namespace, reached while pid ${String(pid)} runs`;
}
