import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMaps } from '../../../../lib/inspect/procfs/maps.js';
import { mappings, mapsLine } from '../../../support/proc-text.js';

const TEXT = String.raw`5581b8c00000-5581b8d00000 r--p 00001000 fe:01 131093                     /usr/bin/node
7f7b92600000-7f7b92a00000 rw-p 00000000 00:00 0 
7f7b93e00000-7f7b94600000 rw-s 00200000 00:11 1753260                    /anon_hugepage (deleted)
7f7b95000000-7f7b95200000 rw-s 00000000 00:2a 7                          /mnt/huge/a b\012c\040d (deleted)
7ffd3c9f1000-7ffd3ca12000 rw-p 00000000 00:00 0                          [stack]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
`;

describe('parseMaps', () => {
  it('reads every column', () => {
    const maps = parseMaps(TEXT);
    expect(maps).toHaveLength(6);
    expect(maps[2]).toEqual({
      ...{ start: 0x7f7b93e00000n, end: 0x7f7b94600000n, permissions: 'rw-s', offset: 0x200000, device: '00:11', inode: 1753260 },
      ...{ path: '/anon_hugepage', deleted: true },
    });
    expect(maps[1]).toMatchObject({ inode: 0, path: '', deleted: false });
    expect(maps[5]).toMatchObject({ end: 0xffffffffff601000n, path: '[vsyscall]' });
  });

  it('of the escapes only that of a newline is one', () => {
    expect(parseMaps(TEXT)[3]).toMatchObject({ path: '/mnt/huge/a b\nc\\040d', deleted: true });
  });

  it('is empty for a kernel thread', () => {
    expect(parseMaps('')).toEqual([]);
  });

  it('reads back whatever is mapped', () => {
    fc.assert(
      fc.property(fc.array(mappings), (list) => {
        expect(parseMaps(list.map((mapping) => `${mapsLine(mapping)}\n`).join(''))).toEqual(list);
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseMaps(text))));
  });
});
