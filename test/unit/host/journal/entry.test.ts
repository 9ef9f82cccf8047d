import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../../../lib/host/journal/change.js';
import { entryFile, parseEntry, parseEntryName } from '../../../../lib/host/journal/entry.js';
import { parseStartTime } from '../../../../lib/host/journal/owner.js';

const count = fc.maxSafeNat();
const text = fc.string({ unit: 'binary' });
const absent = fc.constant(undefined);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('setting' as const), path: text, before: text, after: text }),
  fc.record(
    { kind: fc.constant('pool-pages' as const), pageSize: count, before: count, added: fc.maxSafeInteger(), node: count, undoFrom: count },
    { requiredKeys: ['kind', 'pageSize', 'before', 'added'] },
  ),
);

it('reads every entry that it writes', () => {
  const entry = fc.record({ purpose: text, changes: fc.array(change) });
  fc.assert(
    fc.property(entry, (written) => {
      const json = JSON.stringify(written);
      expect(parseEntry(json)).toEqual(JSON.parse(json));
    }),
  );
});

it('takes no other JSON for an entry, and no part of one', () => {
  const broken = fc.tuple(change, fc.constantFrom('kind', 'path', 'pageSize', 'before', 'added', 'after'), fc.oneof(absent, fc.object()));
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(parseEntry(json)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(broken, ([one, key, value]) => {
      fc.pre(key in one);
      expect(parseEntry(JSON.stringify({ purpose: '', changes: [{ ...one, [key]: value }] }))).toBeUndefined();
    }),
  );
  expect(parseEntry('{"purpose": "cut off')).toBeUndefined();
});

it('finds the owner in the name of a file', () => {
  const name = { owner: { namespace: 4026531836, pid: 4711, startTime: 123 }, opened: 9, finished: true };
  expect(entryFile(name.owner, name.opened, {})).toBe('/run/hugepages/4026531836-4711-123-9.json');
  expect(parseEntryName(entryFile(name.owner, name.opened, {}))).toEqual(name);
  expect(parseEntryName(`${entryFile(name.owner, name.opened, {})}.new`)).toEqual({ ...name, finished: false });
  expect(parseEntryName('/run/hugepages/4711.json')).toBeUndefined();
});

it('finds the start time behind any name of a program', () => {
  const stat = (name: string, state = 'S'): string => `4711 (${name}) ${state} 1 4711 4711 0 -1 4 1 2 3 4 5 6 7 8 20 0 11 0 987654 1 2`;
  fc.assert(
    fc.property(text, (name) => {
      expect(parseStartTime(stat(name))).toBe(987654);
    }),
  );
  expect(parseStartTime('')).toBeUndefined();
  expect(parseStartTime(stat('node', 'Z')), 'a zombie has ended').toBeUndefined();
});
