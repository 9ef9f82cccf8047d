import { expect, it } from 'vitest';
import { countersOf, eventNumbers, readCounters } from '../../../lib/bench/counters.js';
import type { MeasuredSample } from '../../../lib/native/measure.js';

function cpuinfo(vendor: string, family: number, model: number): string {
  return `processor\t: 0\nvendor_id\t: ${vendor}\ncpu family\t: ${String(family)}\nmodel\t\t: ${String(model)}\nmodel name\t: some\n`;
}

it.each([
  ['Ice Lake', 'GenuineIntel', 6, 0x6a, 0x1001008n],
  ['Sapphire Rapids', 'GenuineIntel', 6, 0x8f, 0x1001012n],
])('counts page walks of %s by its event', (_, vendor, family, model, config) => {
  const { events, absent } = countersOf(cpuinfo(vendor, family, model));
  expect(events.map(({ name }) => name)).toEqual(['dTLB-load-misses', 'dtlb-walk-cycles']);
  expect(events[1]).toMatchObject({ type: 4n, config });
  expect(absent).toEqual([]);
  expect(eventNumbers(events)).toEqual(BigUint64Array.of(3n, 0x10003n, 4n, config));
});

it.each([
  ['AuthenticAMD', 25, 1],
  ['GenuineIntel', 6, 167000],
  ['', 0, 0],
])('does not guess at an event: %s %i %i', (vendor, family, model) => {
  const { events, absent } = countersOf(cpuinfo(vendor, family, model));
  expect(events.map(({ name }) => name)).toEqual(['dTLB-load-misses']);
  expect(absent).toEqual([{ name: 'dtlb-walk-cycles', reason: 'the number of this event is not known for this processor' }]);
});

it('tells of each access what was counted, or why it was not', () => {
  const { events } = countersOf(cpuinfo('GenuineIntel', 6, 0x8f));
  const sample = (count: number, errno: number): MeasuredSample => ({
    nanoseconds: Float64Array.of(1),
    clock: 0.8,
    pinErrno: 0,
    counts: Float64Array.of(count, 0),
    countErrnos: Int32Array.of(0, errno),
  });
  expect(readCounters(events, [sample(1000, 0), sample(500, -13)], 1000)).toEqual([
    { name: 'dTLB-load-misses', perAccess: [1, 0.5] },
    {
      name: 'dtlb-walk-cycles',
      reason: 'kernel.perf_event_paranoid forbids it: root, CAP_PERFMON, or sysctl kernel.perf_event_paranoid=2 (EACCES)',
    },
  ]);
});
