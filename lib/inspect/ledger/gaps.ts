/** What a ledger does not see, in sentences. */

import type { UnseenSegments } from './segments.js';

/** What was not shown. */
export interface Sight extends UnseenSegments {
  readonly unreadable: readonly { readonly pid: number; readonly command: string }[];
  /** Whether `/proc` may leave out processes. */
  readonly othersHidden: boolean;
  readonly framesHidden: boolean;
  /** Objects that could not be asked how many pages they have. */
  readonly estimatedObjects: number;
  /** Directories of mounts that may not be read. */
  readonly hiddenDirectories: number;
  /** Devices of mounts whose root no path leads to. */
  readonly hiddenMounts: readonly string[];
}

/** What this user may not see. */
export function gapsOf(sight: Sight): string[] {
  const { unreadable, othersHidden, framesHidden, estimatedObjects, hiddenDirectories, untoldSegments } = sight;
  return [
    ...(unreadable.length > 0 ? [`${count(unreadable.length, 'process', 'processes')} may not be looked into`] : []),
    ...(othersHidden ? ['Processes outside of this PID namespace, or hidden by hidepid, are not seen'] : []),
    ...(framesHidden ? ['Page frames are hidden from this user: pages that are shared since fork(2) are told by their addresses'] : []),
    ...(estimatedObjects > 0
      ? [`${count(estimatedObjects, 'object', 'objects')} may not be asked for their pages: those that processes have mapped are counted`]
      : []),
    ...(hiddenDirectories > 0 ? [`${count(hiddenDirectories, 'directory', 'directories')} of mounts may not be read`] : []),
    ...(untoldSegments > 0 ? [`${count(untoldSegments, 'segment', 'segments')} may be on huge pages, and may not be attached to see`] : []),
  ];
}

/** What pages that nothing accounts for may be. */
export function residueReasons(sight: Sight): string[] {
  const { hiddenMounts, closedIpcNamespaces } = sight;
  return [
    ...gapsOf(sight),
    ...(closedIpcNamespaces > 0
      ? [`Segments that nobody has attached, in ${count(closedIpcNamespaces, 'IPC namespace', 'IPC namespaces')} that may not be entered`]
      : []),
    ...(hiddenMounts.length > 0 ? [`Files on mounts that no path leads to: devices ${hiddenMounts.join(', ')}`] : []),
    'Files whose descriptors are on their way through Unix sockets, or kept by io_uring',
    'Files on mounts that no process has in its mount namespace, and segments of IPC namespaces that no process is in',
    'Pages that a page fault is filling at this moment',
    'Pages that the kernel keeps for a device (vfio, RDMA, io_uring), moves, or holds back as broken',
  ];
}

function count(number: number, one: string, many: string): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}
