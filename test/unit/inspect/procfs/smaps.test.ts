import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSmaps, parseSmapsRollup } from '../../../../lib/inspect/procfs/smaps.js';
import type { MappingDetails } from '../../../../lib/inspect/procfs/smaps.js';
import { KiB, MiB } from '../../../../lib/units.js';
import { mappings, mapsLine } from '../../../support/proc-text.js';

const text = readFileSync(new URL('../../../fixtures/smaps.txt', import.meta.url), 'utf8');

describe('parseSmaps', () => {
  it('reads the figures and flags of every mapping', () => {
    const [file, thp, hugetlb] = parseSmaps(text);
    expect(file).toMatchObject({ path: '/usr/bin/node', bytes: { Size: MiB, Rss: 512 * KiB } });
    expect(thp).toMatchObject({ bytes: { AnonHugePages: 2 * MiB, KernelPageSize: 4 * KiB }, numbers: { THPeligible: 1 } });
    expect(thp?.flags).toEqual(['rd', 'wr', 'mr', 'mw', 'me', 'dc', 'ac', 'hg']);
    expect(hugetlb).toMatchObject({ path: '/anon_hugepage', deleted: true, bytes: { Private_Hugetlb: 8 * MiB, KernelPageSize: 2 * MiB } });
  });

  it('knows fields that no kernel has yet', () => {
    const line = '7f7b92600000-7f7b92a00000 rw-p 00000000 00:00 0 \n';
    const [mapping] = parseSmaps(`${line}Anon64kHugePages:      64 kB\nNew_Number:   3\nNewWords: a b\n`);
    expect(mapping).toMatchObject({ bytes: { Anon64kHugePages: 64 * KiB }, numbers: { New_Number: 3 }, flags: [] });
  });

  const names = fc.stringMatching(/^[A-Z]\w{0,15}$/).filter((name) => name !== 'VmFlags');
  const details = fc.record({
    mapping: mappings,
    kib: fc.dictionary(names, fc.nat(), { noNullPrototype: true }),
    flags: fc.array(fc.stringMatching(/^[a-z]{2}$/)),
  });

  it('reads back whatever is written', () => {
    fc.assert(
      fc.property(fc.array(details), (list) => {
        const written = list.map(({ mapping, kib, flags }) =>
          [
            mapsLine(mapping),
            ...Object.entries(kib).map(([name, value]) => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB`),
            `VmFlags: ${flags.map((flag) => `${flag} `).join('')}\n`,
          ].join('\n'),
        );
        const expected: MappingDetails[] = list.map(({ mapping, kib, flags }) => {
          const bytes = Object.fromEntries(Object.entries(kib).map(([name, value]) => [name, value * KiB]));
          return { ...mapping, bytes, numbers: {}, flags };
        });
        expect(parseSmaps(written.join(''))).toEqual(expected);
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => Array.isArray(parseSmaps(any))));
  });
});

describe('parseSmapsRollup', () => {
  it('reads the sums of huge pages, and 0 for what an older kernel lacks', () => {
    const range = `55d0c0000000-7ffd3ca12000 ---p 00000000 00:00 0 ${' '.repeat(25)}[rollup]`;
    const figures = parseSmapsRollup(`${range}\nRss:  1236 kB\nAnonHugePages:  4096 kB\nShared_Hugetlb:     2048 kB\n`);
    const none = { Private_Hugetlb: 0, ShmemPmdMapped: 0, FilePmdMapped: 0 };
    expect(figures).toEqual({ ...none, AnonHugePages: 4 * MiB, Shared_Hugetlb: 2 * MiB });
  });
});
