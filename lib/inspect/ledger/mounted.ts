/** The hugetlbfs mounts of all mount namespaces, and the files in them. */
import { isForgetful } from '../../host/mounts/forgetful.js';
import { filesIn } from '../../host/mounts/files.js';
import type { MountedFile } from '../../host/mounts/files.js';
import { parseMounts } from '../../host/mounts/mounts.js';
import type { HugetlbfsMount } from '../../host/mounts/mounts.js';
import { pids } from '../procfs/pids.js';
import { readProcess, UNREADABLE } from '../procfs/reading.js';
import type { HugetlbDevices } from './devices.js';
import { groupBy } from './group-by.js';
import { namespaceOf } from './survey.js';

/** A mounted hugetlbfs. */
export interface MountedFileSystem {
  /** As in `/proc/PID/maps`. */
  readonly device: string;
  readonly pageSize: number;
  /** Where it is, or parts of it are: as paths that lead there from this process. */
  readonly places: readonly string[];
  /** Bytes that it keeps in the pool. */
  readonly minSize: number;
  /** Whether it counts what its files use and have reserved, and forgets nothing of it: a mount with `size`, and without `min_size`. */
  readonly isCounted: boolean;
  /** Whether its root can be reached, and with it all its files. */
  readonly isWhole: boolean;
}

/** A mount, and what leads to the root directory of those who see it. */
interface Place extends HugetlbfsMount {
  readonly prefix: string;
}

/** Every hugetlbfs that some process can reach, and makes them known to `devices`. */
export function mountedFileSystems(devices: HugetlbDevices): MountedFileSystem[] {
  const places = [...groupBy(namespaces().flatMap(mountsOf), ({ device }) => device).values()];
  return places.map((mounts) => fileSystem(mounts, devices));
}

/** One process of each mount namespace, this one's first. */
function namespaces(): number[] {
  const byName = new Map<string, number>();
  for (const pid of [process.pid, ...pids()]) {
    const name = namespaceOf(pid, 'mnt');
    if (typeof name === 'string' && !byName.has(name)) byName.set(name, pid);
  }
  return [...byName.values()];
}

function mountsOf(pid: number): Place[] {
  const mounts = readProcess(pid, 'mountinfo', {}, parseMounts);
  if (mounts === undefined || mounts === UNREADABLE) return [];
  const prefix = pid === process.pid ? '' : `/proc/${String(pid)}/root`;
  return mounts.map((mount) => ({ ...mount, prefix }));
}

function fileSystem(mounts: readonly Place[], devices: HugetlbDevices): MountedFileSystem {
  const [first] = mounts;
  const reached = mounts.filter(({ hidden }) => !hidden);
  const whole = reached.find(({ root }) => root === '/');
  const places = (whole === undefined ? reached : [whole]).map(({ prefix, mountPoint }) => prefix + mountPoint);
  const device = mapsForm(first?.device ?? '');
  const pageSize = first?.pageSize ?? devices.pageSizeBehind(device, places[0] ?? '');
  devices.add(device, pageSize);
  const isCounted = first?.size !== undefined && !isForgetful(first);
  return { device, pageSize, places, minSize: first?.minSize ?? 0, isCounted, isWhole: whole !== undefined };
}

/** The process by which a path leads into another mount namespace; it does so while that runs. */
export function processOnWay(path: string): number | undefined {
  const [, pid] = /^\/proc\/(\d+)\/root\//.exec(path) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/** `0:39` → `00:27` */
function mapsForm(device: string): string {
  return device
    .split(':')
    .map((number) => Number(number).toString(16).padStart(2, '0'))
    .join(':');
}

/** Its files, each once; those below directories that may not be read are missing, of which `refused` is told. */
export async function filesOn({ device, places }: MountedFileSystem, refused: () => void): Promise<MountedFile[]> {
  const [major = '', minor = ''] = device.split(':').map((number) => String(parseInt(number, 16)));
  const files = await Promise.all(places.map((place) => filesIn(place, `${major}:${minor}`, refused)));
  return [...new Map(files.flat().map((file) => [file.inode, file])).values()];
}
