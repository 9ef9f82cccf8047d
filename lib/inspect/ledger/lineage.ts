/**
 * Which process made a private mapping. Only the maker has its reservation: a child of fork(2) has the pages that were there, and takes
 * others from what is free. The kernel does not say who it is.
 */
import { readText } from '../../host/text.js';
import type { OpenFile } from '../procfs/descriptors.js';
import { groupBy } from './group-by.js';
import type { HugeMapping } from './survey.js';

/** `heir`: the mapping is from a parent that has it as well. `orphan`: from one that has ended, or has unmapped it. */
export type Lineage = 'maker' | 'heir' | 'orphan' | 'unknown';

/** USER_HZ, on every architecture that Node.js runs on. */
const TICK_MS = 10;

/** What files and processes are stamped with is up to a tick too early. */
const TOLERANCE_MS = TICK_MS;

/** Tells of each mapping; `file` is what {@link OpenFile} says of its file, where that is known. */
export function lineages<T extends HugeMapping>(mappings: readonly T[], file: (mapping: T) => OpenFile | undefined): Map<T, Lineage> {
  const families = groupBy(mappings, familyOf);
  const boot = bootTime();
  return new Map(
    mappings.map((each) => {
      const family = families.get(familyOf(each)) ?? [];
      return [each, isHeir(each, family) ? 'heir' : byTime(each, boot, file(each)?.changed)];
    }),
  );
}

/** Each mapping of anonymous memory has an inode to itself, which goes with it through fork(2). */
function familyOf(each: HugeMapping): string {
  const { device, inode, start } = each.mapping;
  return `${device} ${String(inode)} ${isAnonymous(each) ? '' : String(start)}`;
}

function isAnonymous({ mapping }: HugeMapping): boolean {
  return mapping.path === '/anon_hugepage' && mapping.deleted;
}

/** Files are also mapped at the same address by processes that have nothing to do with each other. */
function isHeir(each: HugeMapping, family: readonly HugeMapping[]): boolean {
  const { process } = each;
  if (!isAnonymous(each)) return family.some((other) => other.process.pid === process.parent);
  const isElder = (other: HugeMapping): boolean =>
    other.process.started < process.started || (other.process.started === process.started && other.process.pid < process.pid);
  return family.some(isElder);
}

/** What is older than the process was not made by it. */
function byTime(each: HugeMapping, boot: number, changed: number | undefined): Lineage {
  if (changed === undefined) return 'unknown';
  const age = changed - (boot + each.process.started * TICK_MS);
  if (age > TOLERANCE_MS) return 'maker';
  return age < -TOLERANCE_MS && isAnonymous(each) ? 'orphan' : 'unknown';
}

/** Milliseconds since 1970. The exact one of two clocks stands still while the machine is suspended, and the other tells 10 ms. */
function bootTime(): number {
  const running = Date.now() - Number(process.hrtime.bigint()) / 1e6;
  const rough = Date.now() - Number((readText('/proc/uptime', {}) ?? '0').split(' ')[0]) * 1000;
  return Math.abs(running - rough) > 2 * TICK_MS ? rough : running;
}
