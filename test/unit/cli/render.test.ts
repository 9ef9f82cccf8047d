import { describe, expect, it } from 'vitest';
import { formatLimit, list, progressBar, table } from '../../../lib/cli/render.js';
import { GiB } from '../../../lib/units.js';

describe('table', () => {
  it('aligns the first column to the left and all others to the right', () => {
    expect(
      table([
        ['pool', 'total', 'free'],
        ['2MiB', '12345678', '0'],
        ['  node 0', '1', ''],
      ]),
    ).toEqual(['  pool         total  free', '  2MiB      12345678     0', '    node 0         1']);
  });
});

describe('list', () => {
  it('puts the values below each other', () => {
    expect(
      list([
        ['CPUs', '0-1'],
        ['locked memory', '8MiB'],
      ]),
    ).toEqual(['  CPUs           0-1', '  locked memory  8MiB']);
  });
});

describe('formatLimit', () => {
  it.each([
    [8 * 2 ** 20, '8MiB'],
    [0, '0B'],
    [Infinity, 'unlimited'],
    [Number(18446744073692774399n), 'unlimited'],
  ])('%d → %s', (bytes, text) => {
    expect(formatLimit(bytes)).toBe(text);
  });
});

describe('progressBar', () => {
  it.each([
    [0, '[    ]   0% of 1GiB'],
    [GiB / 2, '[██  ]  50% of 1GiB'],
    [GiB - 1, '[████]  99% of 1GiB'],
    [GiB, '[████] 100% of 1GiB'],
    [2 * GiB, '[████] 100% of 1GiB'],
  ])('%d', (done, bar) => {
    expect(progressBar(done, GiB, 4)).toBe(bar);
  });
});
