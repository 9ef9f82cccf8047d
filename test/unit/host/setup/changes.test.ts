/** On a model of a machine, values by path: whatever plans follow each other, and wherever a run is cut off. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../../lib/host/setup/changes.js';
import { DIRECTORY } from '../../../../lib/host/setup/files.js';
import type { Item, Kind, RecordedItem, Value, WantedItem } from '../../../../lib/host/setup/items.js';
import { formatPageCounts, parsePageCounts } from '../../../../lib/host/setup/page-counts.js';
import { errorOf } from '../../../support/thrown.js';

class Machine {
  readonly values = new Map<string, Value>();
  record: readonly RecordedItem[] = [];

  readonly read = ({ path }: Item): Value => this.values.get(path);

  /** As applyChanges() does, at most `steps` of them. Returns whether there were more. */
  run(wanted: readonly WantedItem[], steps = Infinity): boolean {
    const { takenBack, made, record } = compare(wanted, this.record, this.read);
    this.record = record;
    let left = steps;
    const write = (path: string, value: Value): boolean => {
      if (left-- <= 0) return false;
      this.values.set(path, path === '/p' ? spread(this.values.get(path) ?? '', value ?? '') : value);
      return true;
    };
    for (const { item, step } of takenBack) {
      if (step !== undefined && !write(step.path, step.after)) return true;
      this.record = this.record.filter((other) => other !== item);
    }
    for (const { path, after } of made) if (!write(path, after)) return true;
    this.record = this.record.map((item) => ({ ...item, ours: item.ours.slice(-1) }));
    return false;
  }
}

/** The pages of two nodes after a write, as the kernel makes them. */
function spread(now: string, written: string): string {
  const counts = parsePageCounts(written);
  const total = counts.get(undefined);
  if (total === undefined) return formatPageCounts(new Map([...parsePageCounts(now), ...counts]));
  return formatPageCounts(new Map([[0, Math.ceil(total / 2)], [1, Math.floor(total / 2)]]));
}

const KIND: Record<string, Kind> = { '/d': 'directory', '/f': 'file', '/l': 'link', '/s': 'setting', '/m': 'mount', '/p': 'pool-pages' };
const valueOf: Record<string, fc.Arbitrary<string>> = {
  '/d': fc.constant(DIRECTORY),
  '/f': fc.constantFrom('1', '2', '3'),
  '/l': fc.constantFrom('1', '2'),
  '/s': fc.constantFrom('1', '2', '3'),
  '/m': fc.constantFrom('1', '2'),
  '/p': fc.oneof(fc.nat(9).map(String), fc.nat(9).map((pages) => `0:${String(pages)}`)),
};
const items = Object.entries(valueOf).map(([path, value]) =>
  fc.option(value.map((text) => ({ kind: KIND[path] ?? 'file', path, value: text })), { nil: undefined }),
);
const plan = fc.tuple(...items).map((list) => list.filter((item) => item !== undefined));
// What cannot be missing is a setting or a pool.
const start = fc.record({
  '/d': fc.option(fc.constant(DIRECTORY), { nil: undefined }),
  '/f': fc.option(fc.constantFrom('1', 'others'), { nil: undefined }),
  '/s': fc.constantFrom('0', '1'),
  '/p': fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]) => `0:${String(a)},1:${String(b)}`),
});

function machineWith(values: Record<string, Value>): Machine {
  const machine = new Machine();
  for (const [path, value] of Object.entries(values)) machine.values.set(path, value);
  return machine;
}

function state({ values }: Machine): Record<string, Value> {
  return Object.fromEntries([...values].filter(([, value]) => value !== undefined).sort());
}

describe('compare', () => {
  it('returns to the first state from wherever any plans were cut off', () => {
    fc.assert(
      fc.property(start, fc.array(fc.tuple(plan, fc.nat(8)), { minLength: 1, maxLength: 4 }), (values, runs) => {
        const machine = machineWith(values);
        const first = state(machine);
        for (const [wanted, steps] of runs) machine.run(wanted, steps);
        machine.run([]);
        expect(state(machine)).toEqual(first);
        expect(machine.record).toEqual([]);
      }),
    );
  });

  it('reaches the wanted state when it is run again after having been cut off, and finds nothing to do then', () => {
    fc.assert(
      fc.property(start, plan, fc.nat(8), (values, wanted, steps) => {
        const [machine, straight] = [machineWith(values), machineWith(values)];
        machine.run(wanted, steps);
        machine.run(wanted);
        straight.run(wanted);
        expect(state(machine)).toEqual(state(straight));
        const { takenBack, made, left, record } = compare(wanted, machine.record, machine.read);
        expect({ takenBack, made, left, record }).toEqual({ takenBack: [], made: [], left: [], record: machine.record });
      }),
    );
  });

  it('takes nothing back of what the kernel lacks by now', () => {
    const machine = machineWith({ '/s': '0', '/p': '0:0' });
    machine.run([
      { kind: 'setting', path: '/s', value: '1' },
      { kind: 'pool-pages', path: '/p', value: '0:4' },
    ]);
    machine.values.clear();
    expect(machine.run([])).toBe(false);
    expect(machine.record).toEqual([]);
  });

  it('puts a file back that was there before, also when others removed it', () => {
    const machine = machineWith({ '/f': 'theirs' });
    machine.run([{ kind: 'file', path: '/f', value: '1' }]);
    machine.values.delete('/f');
    machine.run([]);
    expect([state(machine), machine.record]).toEqual([{ '/f': 'theirs' }, []]);
  });

  it('leaves alone what others changed since', () => {
    const machine = machineWith({ '/s': '0' });
    machine.run([
      { kind: 'file', path: '/f', value: '1' },
      { kind: 'setting', path: '/s', value: '1' },
    ]);
    machine.values.set('/f', 'edited').set('/s', '7');
    expect(errorOf(() => compare([{ kind: 'file', path: '/f', value: '2' }], machine.record, machine.read))).toHaveProperty(
      'code',
      'ERR_HUGEPAGES_CHANGED',
    );
    expect(compare([], machine.record, machine.read)).toMatchObject({ takenBack: [], left: [{ path: '/f' }, { path: '/s' }] });
  });
});
