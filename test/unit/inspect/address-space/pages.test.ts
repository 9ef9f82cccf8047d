import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHuge, pagesOf } from '../../../../lib/inspect/address-space/pages.js';
import { parseSmaps } from '../../../../lib/inspect/procfs/smaps.js';
import type { MappingDetails } from '../../../../lib/inspect/procfs/smaps.js';
import { KiB, MiB } from '../../../../lib/units.js';

const text = readFileSync(new URL('../../../fixtures/smaps.txt', import.meta.url), 'utf8');
const [file, thp, hugetlb] = parseSmaps(text) as [MappingDetails, MappingDetails, MappingDetails];

describe('pagesOf', () => {
  it('divides a mapping by what its memory is', () => {
    expect(pagesOf(file, 2 * MiB)).toEqual([
      { kind: 'base', pageSize: 4 * KiB, bytes: 512 * KiB },
      { kind: 'absent', pageSize: 4 * KiB, bytes: 512 * KiB },
    ]);
    expect(pagesOf(thp, 2 * MiB)).toEqual([
      { kind: 'thp', pageSize: 2 * MiB, bytes: 2 * MiB },
      { kind: 'base', pageSize: 4 * KiB, bytes: 2 * MiB },
    ]);
    expect(pagesOf(hugetlb, 2 * MiB)).toEqual([{ kind: 'hugetlb', pageSize: 2 * MiB, bytes: 8 * MiB }]);
  });

  it('tells hugetlb without pages from other memory without pages', () => {
    const reserved = { ...hugetlb, bytes: { ...hugetlb.bytes, Private_Hugetlb: 0 } };
    expect(pagesOf(reserved, 2 * MiB)).toEqual([{ kind: 'hugetlb-absent', pageSize: 2 * MiB, bytes: 8 * MiB }]);
  });

  it('adds up to the size, whatever the kernel says', () => {
    const names = ['Rss', 'Swap', 'AnonHugePages', 'ShmemPmdMapped', 'FilePmdMapped', 'Private_Hugetlb', 'Shared_Hugetlb'] as const;
    const bytes = fc.record(Object.fromEntries(names.map((name) => [name, fc.nat(12 * MiB)])), { requiredKeys: [] });
    fc.assert(
      fc.property(bytes, (figures) => {
        const pages = pagesOf({ ...thp, bytes: figures as Record<string, number> }, 2 * MiB);
        expect(pages.reduce((sum, page) => sum + page.bytes, 0)).toBe(Number(thp.end - thp.start));
      }),
    );
  });
});

describe('isHuge', () => {
  it.each(['AnonHugePages', 'ShmemPmdMapped', 'FilePmdMapped', 'Private_Hugetlb', 'Shared_Hugetlb'])('holds with %s', (name) => {
    const mapping = { ...file, bytes: { ...file.bytes, Rss: MiB, [name]: 2 * MiB } };
    expect(isHuge(mapping, pagesOf(mapping, 2 * MiB))).toBe(true);
  });

  it('holds for hugetlb without a page, and not for base pages', () => {
    expect(isHuge({ ...hugetlb, bytes: {} }, [])).toBe(true);
    expect(isHuge(file, pagesOf(file, 2 * MiB))).toBe(false);
  });
});
