/** What the processes hold of hugetlb file systems: what they map, and what they have open. */
import { readlinkSync } from 'node:fs';
import { setImmediate as nextTick } from 'node:timers/promises';
import { HugePagesError } from '../../errors.js';
import { descriptorsOf, openFile } from '../procfs/descriptors.js';
import type { Descriptor, OpenFile } from '../procfs/descriptors.js';
import { readLiving } from '../procfs/living.js';
import type { Living } from '../procfs/living.js';
import { mapsOf } from '../procfs/maps.js';
import { pids } from '../procfs/pids.js';
import { processFile, reading, UNREADABLE } from '../procfs/reading.js';
import type { Reading } from '../procfs/reading.js';
import type { MappingDetails } from '../procfs/smaps.js';
import { statOf } from '../procfs/stat.js';
import { wholeSmapsOf } from '../procfs/whole-smaps.js';
import type { HugetlbDevices } from './devices.js';

/** A process, as often as it is met. */
export interface SurveyedProcess {
  readonly pid: number;
  readonly command: string;
  /** What its `/proc` is read by: itself, or another of its threads, when the first has ended. */
  readonly thread: number;
  /** Clock ticks from boot to its start. */
  readonly started: number;
  /** Whether it has executed a program since it was forked: then none of its memory is from another process. */
  readonly hasExecuted: boolean;
  /** The process of whose memory it got a copy; undefined where that has ended, or has executed a program meanwhile. */
  readonly forker: number | undefined;
  /** `ipc:[4026531839]`; undefined where this user may not ask. */
  readonly ipcNamespace: string | undefined;
}

/** A mapping of huge pages. */
export interface HugeMapping {
  readonly process: SurveyedProcess;
  readonly mapping: MappingDetails;
  /** Bytes. */
  readonly pageSize: number;
}

/** A descriptor of a file of huge pages. */
export interface HugeDescriptor {
  readonly process: SurveyedProcess;
  readonly descriptor: Descriptor;
  readonly file: OpenFile;
  readonly pageSize: number;
}

export interface Survey {
  readonly mappings: readonly HugeMapping[];
  readonly descriptors: readonly HugeDescriptor[];
  readonly unreadable: readonly { readonly pid: number; readonly command: string }[];
  /** By name, each with the first process that is in it. */
  readonly ipcNamespaces: ReadonlyMap<string, number>;
}

/** Processes that are read before other work gets its turn. */
const AT_ONCE = 32;

export async function survey(devices: HugetlbDevices): Promise<Survey> {
  const mappings: HugeMapping[] = [];
  const descriptors: HugeDescriptor[] = [];
  const unreadable: { pid: number; command: string }[] = [];
  const ipcNamespaces = new Map<string, number>();
  for (const [index, pid] of pids().entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await nextTick();
    const found = await readLiving(pid, {}, (living) => usesOf(pid, living, devices));
    if (found === undefined || found === UNREADABLE) continue;
    const { process, mapped, open } = found;
    const { ipcNamespace } = process;
    if (ipcNamespace !== undefined && !ipcNamespaces.has(ipcNamespace)) ipcNamespaces.set(ipcNamespace, pid);
    if (mapped === UNREADABLE || open === UNREADABLE) unreadable.push({ pid, command: process.command });
    if (mapped !== UNREADABLE) mappings.push(...mapped);
    if (open !== UNREADABLE) descriptors.push(...open);
  }
  return { mappings, descriptors, unreadable, ipcNamespaces };
}

interface Uses {
  readonly process: SurveyedProcess;
  readonly mapped: HugeMapping[] | typeof UNREADABLE;
  readonly open: HugeDescriptor[] | typeof UNREADABLE;
}

/** Undefined for kernel threads, and for what has ended. */
async function usesOf(pid: number, living: Living, devices: HugetlbDevices): Promise<Uses | undefined> {
  const process = living.status.hasAddressSpace ? surveyed(pid, living) : undefined;
  if (process === undefined) return undefined;
  const mapped = await hugeMappings(process, devices);
  const open = mapped === undefined ? undefined : hugeDescriptors(process, devices);
  return mapped === undefined || open === undefined ? undefined : { process, mapped, open };
}

function surveyed(pid: number, { thread, status }: Living): SurveyedProcess | undefined {
  const stat = statOf(pid);
  const ipcNamespace = namespaceOf(thread, 'ipc');
  if (stat === undefined || stat === UNREADABLE || ipcNamespace === undefined) return undefined;
  const { started, hasExecuted, parent } = stat;
  const forker = !hasExecuted && hasImageOf(thread, parent) ? parent : undefined;
  const given = { pid, command: status.name, thread, started, hasExecuted, forker };
  return { ...given, ipcNamespace: ipcNamespace === UNREADABLE ? undefined : ipcNamespace };
}

/** Who adopts a process, when its parent ends, runs another program as a rule. */
function hasImageOf(thread: number, parent: number): boolean {
  const [own, other] = [thread, parent].map((pid) => statOf(pid));
  if (typeof own !== 'object' || typeof other !== 'object') return false;
  return own.image !== undefined && own.image === other.image;
}

/** What a link to a namespace says: `ipc:[4026531839]`. */
export function namespaceOf(pid: number, name: 'ipc' | 'mnt'): Reading<string> {
  const link = processFile(pid, `ns/${name}`, {});
  return reading(link, () => readlinkSync(link));
}

async function hugeMappings(process: SurveyedProcess, devices: HugetlbDevices): Promise<Reading<HugeMapping[]>> {
  const all = mapsOf(process.thread);
  if (all === undefined || all === UNREADABLE) return all;
  // For smaps the kernel walks all page tables.
  if (all.every(({ device }) => devices.pageSize(device) === 0)) return [];
  const details = await settledSmapsOf(process.thread);
  if (details === undefined || details === UNREADABLE) return details;
  devices.learn(details);
  return details.flatMap((mapping) => {
    if (!mapping.flags.includes('ht')) return [];
    return { process, mapping, pageSize: mapping.bytes['KernelPageSize'] ?? 0 };
  });
}

/** A process that is another program at each reading counts as one that may not be read. */
async function settledSmapsOf(thread: number): Promise<Reading<MappingDetails[]>> {
  try {
    return await wholeSmapsOf(thread);
  } catch (error) {
    if (error instanceof HugePagesError && error.code === 'ERR_HUGEPAGES_BUSY') return UNREADABLE;
    throw error;
  }
}

function hugeDescriptors(process: SurveyedProcess, devices: HugetlbDevices): Reading<HugeDescriptor[]> {
  const all = descriptorsOf(process.thread);
  if (all === undefined || all === UNREADABLE) return all;
  return all.flatMap((descriptor) => {
    // Sockets, pipes and their like have no path.
    if (!descriptor.path.startsWith('/')) return [];
    const file = openFile(process.thread, descriptor.fd);
    if (file === undefined || file === UNREADABLE) return [];
    const pageSize = devices.pageSizeBehind(file.device, processFile(process.thread, `fd/${String(descriptor.fd)}`, {}));
    return pageSize === 0 ? [] : { process, descriptor, file, pageSize };
  });
}
