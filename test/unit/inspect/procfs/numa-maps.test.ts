import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumaMaps } from '../../../../lib/inspect/procfs/numa-maps.js';
import { GiB, KiB, MiB } from '../../../../lib/units.js';
import { names } from '../../../support/proc-text.js';

const TEXT = String.raw`55fdd40d2000 default file=/usr/bin/sleep mapped=2 mapmax=3 active=1 N0=2 kernelpagesize_kB=4
55fdf6b1d000 default heap anon=3 dirty=3 active=0 N0=3 kernelpagesize_kB=4
7f0c3be00000 bind=static:0-1 file=/anon_hugepage\040(deleted) huge anon=4 dirty=4 N0=1 N1=3 kernelpagesize_kB=2048
7f0c80000000 prefer (many):1 file=/mnt/a\075b\012N7\0759 huge dirty=1 N1=1 kernelpagesize_kB=1048576
7ffd3c9f1000 default stack
7ffd3c9f8000 default
`;

describe('parseNumaMaps', () => {
  it('reads every kind of line', () => {
    const mappings = parseNumaMaps(TEXT);
    expect(mappings).toHaveLength(6);
    expect(mappings[0]).toMatchObject({ path: '/usr/bin/sleep', hugetlb: false, pageSize: 4 * KiB, pages: new Map([[0, 2]]) });
    expect(mappings[1]).toMatchObject({ policy: 'default', path: undefined });
    expect(mappings[2]).toEqual({
      ...{ start: 0x7f0c3be00000n, policy: 'bind=static:0-1', path: '/anon_hugepage (deleted)', hugetlb: true, pageSize: 2 * MiB },
      pages: new Map([
        [0, 1],
        [1, 3],
      ]),
    });
    expect(mappings[3]).toMatchObject({ policy: 'prefer (many):1', path: '/mnt/a=b\nN7=9', hugetlb: true, pageSize: GiB });
    const nothing = { policy: 'default', pageSize: undefined, pages: new Map() };
    expect(mappings.slice(4)).toMatchObject([nothing, nothing]);
  });

  const mapping = fc.record({
    start: fc.bigInt({ min: 0n, max: 2n ** 47n }),
    policy: fc.constantFrom('default', 'bind:0-3,8', 'interleave=relative:0', 'weighted interleave:0', 'prefer (many):0', 'local'),
    path: fc.option(names, { nil: undefined }),
    hugetlb: fc.boolean(),
    pageSize: fc.constantFrom(4 * KiB, 2 * MiB, GiB),
    pages: fc.array(fc.tuple(fc.nat(1023), fc.nat())).map((pages) => new Map(pages)),
  });

  it('reads back whatever is written', () => {
    const escape = (name: string): string => name.replace(/[\n\t= ]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`);
    fc.assert(
      fc.property(fc.array(mapping), (list) => {
        const lines = list.map(({ start, policy, path, hugetlb, pageSize, pages }) => {
          const name = path === undefined ? '' : ` file=${escape(path)}`;
          const nodes = Array.from(pages, ([node, count]) => ` N${String(node)}=${String(count)}`).join('');
          const size = ` kernelpagesize_kB=${String(pageSize / KiB)}`;
          return `${start.toString(16).padStart(8, '0')} ${policy}${name}${hugetlb ? ' huge' : ''}${nodes}${size}\n`;
        });
        expect(parseNumaMaps(lines.join(''))).toEqual(list);
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseNumaMaps(text))));
  });
});
