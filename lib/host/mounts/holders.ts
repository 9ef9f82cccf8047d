/** Who uses the files of a mount: what every process maps, has open, or has as its working or root directory. */
import { readFile, readdir, readlink, stat } from 'node:fs/promises';
import { inFirstPidNamespace } from '../container.js';
import { readText } from '../text.js';
import { existingMount } from './existing-mount.js';
import { parseMountinfo } from './mountinfo.js';
import { parsePath } from './options.js';

/** One use of one file or directory. */
export interface MountUse {
  readonly kind: 'mapped' | 'open' | 'cwd' | 'root';
  /** As that process sees it; ` (deleted)` at its end where the name is gone. */
  readonly path: string;
  readonly inode: number;
}

/** A process that uses a mount. */
export interface MountHolder {
  readonly pid: number;
  /** Its name: `comm`. */
  readonly command: string;
  readonly uses: readonly MountUse[];
}

/** What is known of the users of a mount. */
export interface MountHolders {
  readonly processes: readonly MountHolder[];
  /** Processes that this user may not look into: any of them may be another holder. */
  readonly unreadable: number;
  /** Whether `/proc` may leave out others: from a PID namespace it does not show those outside, nor what `hidepid` takes away. */
  readonly othersHidden: boolean;
}

/**
 * The processes that use the files of a hugetlbfs mount, through this mount, a bind mount or another mount namespace. It sees what
 * `/proc` shows, which has no descriptors on their way through a socket.
 *
 * @param path - the mount point
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` for what is no path
 * @throws HugePagesError `ERR_HUGEPAGES_NO_MOUNT` when no hugetlbfs is mounted there
 */
export async function mountHolders(path: string): Promise<MountHolders> {
  return holdersOf(existingMount(parsePath(path, 'path')).device);
}

/**
 * The processes that use the files of a file system.
 *
 * @param device - `major:minor`
 * @param ownDescriptors - of this process, which are no use
 */
export async function holdersOf(device: string, ownDescriptors: ReadonlySet<number> = new Set()): Promise<MountHolders> {
  const processes: MountHolder[] = [];
  let unreadable = 0;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const ignored = Number(pid) === process.pid ? ownDescriptors : new Set<number>();
    try {
      const uses = await usesBy(pid, device, ignored);
      if (uses.length > 0) processes.push({ pid: Number(pid), command: (await readFile(`/proc/${pid}/comm`, 'utf8')).trimEnd(), uses });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // It has ended.
      if (code === 'ENOENT' || code === 'ESRCH') continue;
      if (code !== 'EACCES' && code !== 'EPERM') throw error;
      if (!(await isKernelThread(pid))) unreadable++;
    }
  }
  return { processes, unreadable, othersHidden: hidesProcesses() };
}

/** Whether `/proc` may leave out processes, as in {@link MountHolders.othersHidden}. */
export function hidesProcesses(): boolean {
  const entries = parseMountinfo(readText('/proc/self/mountinfo', {}) ?? '');
  const hiding = entries.some(({ type, superOptions }) => type === 'proc' && superOptions.some((option) => option.startsWith('hidepid=')));
  return hiding || !inFirstPidNamespace({});
}

async function usesBy(pid: string, device: string, ignored: ReadonlySet<number>): Promise<MountUse[]> {
  const directory = `/proc/${pid}`;
  const mapped = parseMaps(await readFile(`${directory}/maps`, 'utf8'), device);
  const descriptors = (await readdir(`${directory}/fd`)).filter((name) => !ignored.has(Number(name)));
  const uses = await Promise.all([
    ...descriptors.map((name) => useThrough(`${directory}/fd/${name}`, 'open', device)),
    useThrough(`${directory}/cwd`, 'cwd', device),
    useThrough(`${directory}/root`, 'root', device),
  ]);
  return [...mapped, ...distinct(uses.filter((use) => use !== undefined))];
}

/** A file that is open several times is one use. */
function distinct(uses: readonly MountUse[]): MountUse[] {
  return [...new Map(uses.map((use) => [`${use.kind} ${String(use.inode)}`, use])).values()];
}

/** What a link of `/proc/PID` leads to, when that is on the device. */
async function useThrough(link: string, kind: MountUse['kind'], device: string): Promise<MountUse | undefined> {
  try {
    const path = await readlink(link);
    // Sockets, pipes and their like have no path.
    if (!path.startsWith('/')) return undefined;
    const { dev, ino } = await stat(link);
    return deviceName(dev) === device ? { kind, path, inode: ino } : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') throw error;
    return undefined; // closed in the meantime, or what it leads to cannot be reached any more
  }
}

/** What the text of `/proc/PID/maps` maps of the files on a device, each file once. */
export function parseMaps(maps: string, device: string): MountUse[] {
  const inHex = device.split(':').map((number) => Number(number).toString(16).padStart(2, '0'));
  const line = new RegExp(`^\\S+ \\S+ \\S+ ${inHex.join(':')} (\\d+) +(.*)$`, 's');
  const files = new Map<number, string>();
  // Names may hold what else ends a line for a regular expression: the kernel escapes line feeds only.
  for (const text of maps.split('\n')) {
    const [, inode, path] = line.exec(text) ?? [];
    if (inode !== undefined) files.set(Number(inode), path ?? '');
  }
  return [...files].map(([inode, path]) => ({ kind: 'mapped', path, inode }));
}

/** `0:39` for a device number as stat(2) packs it: 12 bits of major number among 20 of minor. */
export function deviceName(dev: number): string {
  return `${String((dev >>> 8) & 0xfff)}:${String((dev & 0xff) | ((dev >>> 12) & 0xfff00))}`;
}

const PF_KTHREAD = 0x00200000;

/** They use no files, and an ordinary user may not see that. */
async function isKernelThread(pid: string): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name before may hold blanks and parentheses.
  const flags = text.slice(text.lastIndexOf(')') + 2).split(' ')[6];
  return (Number(flags) & PF_KTHREAD) !== 0;
}
