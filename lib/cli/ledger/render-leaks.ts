/** What `hugepages ledger --leaks` says to people. */
import type { Leak, Leaks } from '../../inspect/ledger/leaks.js';
import { formatSize } from '../../units.js';
import { keyText } from '../../host/explain/segment.js';
import { pasteable, printable } from '../render-mounts.js';
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
    return `${printable(leak.path)}: ${pages}, which no process${leak.certain ? '' : ' that can be looked into'} maps or has open`;
  }
  const { id, key, creatorPid } = leak.segment;
  const maker = leak.creatorEnded ? `whose maker has ended (pid ${String(creatorPid)})` : `made by pid ${String(creatorPid)}`;
  return `segment ${String(id)}, key ${keyText(key)}: ${pages}, attached by nobody, ${maker}`;
}
