import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mappingsIn } from '../../../../lib/cli/demo/smaps.js';
import { KiB, MiB } from '../../../../lib/units.js';

const text = readFileSync(new URL('../../../fixtures/smaps.txt', import.meta.url), 'utf8');
const thp = {
  start: 0x7f7b92600000n,
  end: 0x7f7b92a00000n,
  kernelPageSize: 4 * KiB,
  mmuPageSize: 4 * KiB,
  rss: 4 * MiB,
  anonHugePages: 2 * MiB,
  privateHugetlb: 0,
  sharedHugetlb: 0,
};
const hugetlb = {
  start: 0x7f7b93e00000n,
  end: 0x7f7b94600000n,
  kernelPageSize: 2 * MiB,
  mmuPageSize: 2 * MiB,
  rss: 0,
  anonHugePages: 0,
  privateHugetlb: 8 * MiB,
  sharedHugetlb: 0,
};

describe('mappingsIn', () => {
  it('finds the mapping of a range', () => {
    expect(mappingsIn(text, hugetlb.start, hugetlb.end)).toEqual([hugetlb]);
  });

  it('finds the mapping that a range is a part of', () => {
    expect(mappingsIn(text, thp.start + 4096n, thp.start + 8192n)).toEqual([thp]);
  });

  it('finds every mapping that a range touches', () => {
    expect(mappingsIn(text, thp.end - 1n, hugetlb.start + 1n)).toEqual([thp, hugetlb]);
  });

  it('finds none between two mappings', () => {
    expect(mappingsIn(text, thp.end, hugetlb.start)).toEqual([]);
  });
});
