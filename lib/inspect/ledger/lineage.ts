/**
 * Which process made a private mapping. Only the maker has its reservation: a child of fork(2) has the pages that were there, and takes
 * others from what is free. The kernel does not say who it is.
 */
import { readText } from '../../host/text.js';
import type { OpenFile } from '../procfs/descriptors.js';
import { groupBy } from './group-by.js';
import type { HugeMapping } from './survey.js';

/**
 * `maker`: it has executed a program since it was forked, so that it mapped all that it has. `likely`: it has made it, unless its parent
 * has unmapped it since. `heir`: the mapping is from a process that has it as well. `orphan`: from one that has ended, or has unmapped it.
 */
export type Lineage = 'maker' | 'likely' | 'heir' | 'orphan' | 'unknown';

/** USER_HZ, on every architecture that Node.js runs on. */
const TICK_MS = 10;

/**
 * A process is stamped with a tick that has begun, and a file with the last interrupt of the timer: each up to 10 ms early, the latter at
 * HZ=100. The clocks by which both are compared are up to a tick apart.
 */
const TOLERANCE_MS = 2 * TICK_MS;

/** Tells of each mapping; `file` is what {@link OpenFile} says of its file, where that is known. */
export function lineages<T extends HugeMapping>(mappings: readonly T[], file: (mapping: T) => OpenFile | undefined): Map<T, Lineage> {
  const boot = bootTime();
  const known = new Map<T, Lineage>();
  for (const family of groupBy(mappings, familyOf).values()) {
    for (const each of family) {
      if (each.process.hasExecuted) known.set(each, 'maker');
      else if (!isAnonymous(each)) known.set(each, ofFile(each, family));
      else if (family.some((other) => isElder(other, each))) known.set(each, 'heir');
      else known.set(each, ofEldest(each, boot, file(each)?.changed));
    }
  }
  return known;
}

/** Mappings that may be of one origin have it in common. Each mapping of anonymous memory has an inode to itself, which it keeps. */
export function familyOf(each: HugeMapping): string {
  const { device, inode, start } = each.mapping;
  return `${device} ${String(inode)} ${isAnonymous(each) ? '' : String(start)}`;
}

function isAnonymous({ mapping }: HugeMapping): boolean {
  return mapping.path === '/anon_hugepage' && mapping.deleted;
}

/** Whoever made it is older than all those that have it from there. */
function isElder({ process: other }: HugeMapping, { process }: HugeMapping): boolean {
  if (other.hasExecuted || other.pid === process.forker) return true;
  if (process.pid === other.forker) return false;
  return other.started < process.started || (other.started === process.started && other.pid < process.pid);
}

/** Processes that have nothing to do with each other map a file as well, and those of one program at the same address. */
function ofFile({ process: { forker } }: HugeMapping, family: readonly HugeMapping[]): Lineage {
  return forker !== undefined && family.every(({ process }) => process.pid !== forker) ? 'likely' : 'unknown';
}

/** What is older than the process was not made by it. */
function ofEldest({ process: { started, forker } }: HugeMapping, boot: number, changed: number | undefined): Lineage {
  const age = changed === undefined ? 0 : changed - (boot + started * TICK_MS);
  if (age > TOLERANCE_MS) return 'likely';
  // The clock may have been set back since then, or put forward: a parent that has it not is a witness as well.
  if (age < -TOLERANCE_MS) return forker === undefined ? 'orphan' : 'unknown';
  return forker === undefined ? 'unknown' : 'likely';
}

/** Milliseconds since 1970. The exact one of two clocks stands still while the machine is suspended, and the other tells 10 ms. */
function bootTime(): number {
  const running = Date.now() - Number(process.hrtime.bigint()) / 1e6;
  const rough = Date.now() - Number((readText('/proc/uptime', {}) ?? '0').split(' ')[0]) * 1000;
  return Math.abs(running - rough) > 2 * TICK_MS ? rough : running;
}
