/** The processor's counters that tell of the TLB: perf_event_open(2). */
import { errnoName } from '../errors.js';
import { readText } from '../host/text.js';
import type { RootOptions } from '../host/text.js';
import type { MeasuredSample } from '../native/measure.js';
import type { BenchCounter } from './types.js';

/** A type and a config of perf_event_attr, as include/uapi/linux/perf_event.h numbers them. */
export interface CounterEvent {
  readonly name: string;
  readonly type: bigint;
  readonly config: bigint;
}

const HW_CACHE = 3n;
const RAW = 4n;
const DTLB = 3n;
const MISS = 1n << 16n;

/** PERF_COUNT_HW_CACHE_OP_READ is 0. */
const LOAD_MISSES: CounterEvent = { name: 'dTLB-load-misses', type: HW_CACHE, config: DTLB | MISS };

/** DTLB_LOAD_MISSES.WALK_ACTIVE: cycles in which a page walk for a load is under way. Umask 10, counter mask 1. */
const walkCycles = (event: bigint): CounterEvent => ({ name: 'dtlb-walk-cycles', type: RAW, config: event | 0x1000n | (1n << 24n) });

/** Intel's cores from Skylake to Ice Lake have it as event 08, those from Golden Cove on as event 12: models by number, family 6. */
const SKYLAKE_TO_ICE_LAKE = [0x4e, 0x5e, 0x55, 0x8e, 0x9e, 0xa5, 0xa6, 0x66, 0x6a, 0x6c, 0x7d, 0x7e, 0x8c, 0x8d, 0xa7];
const GOLDEN_COVE_ON = [0x97, 0x9a, 0x8f, 0xb7, 0xba, 0xbf, 0xcf, 0xaa, 0xac, 0xad, 0xae];

/** The counters of a processor, by the text of its `/proc/cpuinfo`, and why others are not tried. */
export function countersOf(cpuinfo: string): { readonly events: readonly CounterEvent[]; readonly absent: readonly BenchCounter[] } {
  const field = (name: string): string => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(cpuinfo)?.[1] ?? '';
  const model = field('vendor_id') === 'GenuineIntel' && field('cpu family') === '6' ? Number(field('model')) : -1;
  const event = SKYLAKE_TO_ICE_LAKE.includes(model) ? 0x08n : GOLDEN_COVE_ON.includes(model) ? 0x12n : undefined;
  if (event !== undefined) return { events: [LOAD_MISSES, walkCycles(event)], absent: [] };
  const reason = 'the number of this event is not known for this processor';
  return { events: [LOAD_MISSES], absent: [{ name: 'dtlb-walk-cycles', reason }] };
}

export function machineCounters(options: RootOptions = {}): ReturnType<typeof countersOf> {
  return countersOf(readText('/proc/cpuinfo', options) ?? '');
}

/** As the addon takes them. */
export function eventNumbers(events: readonly CounterEvent[]): BigUint64Array {
  return BigUint64Array.from(events.flatMap(({ type, config }) => [type, config]));
}

/** Why perf_event_open(2) refuses, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'this machine has none: hypervisors seldom show a guest the counters',
  EOPNOTSUPP: 'this machine has none: hypervisors seldom show a guest the counters',
  ENOTSUP: 'this machine has none: hypervisors seldom show a guest the counters',
  EACCES: 'kernel.perf_event_paranoid forbids it: root, CAP_PERFMON, or sysctl kernel.perf_event_paranoid=2',
  EPERM: 'a seccomp filter, as those of containers, forbids perf_event_open(2)',
  ENOSYS: 'this kernel has no perf events',
  EBUSY: 'others have all counters of the processor',
};

/** What the counters of several samples counted, of each of so many accesses. */
export function readCounters(events: readonly CounterEvent[], samples: readonly MeasuredSample[], accesses: number): BenchCounter[] {
  return events.map(({ name }, index) => {
    const errno = samples.map(({ countErrnos }) => countErrnos[index] ?? 0).find((number) => number !== 0);
    if (errno === undefined) return { name, perAccess: samples.map(({ counts }) => (counts[index] ?? NaN) / accesses) };
    const error = errnoName(errno);
    return { name, reason: `${REASONS[error] ?? 'perf_event_open failed'} (${error})` };
  });
}
