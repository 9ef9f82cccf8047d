import { expect, it } from 'vitest';
import { renderColumns } from '../../../../lib/cli/map/columns.js';
import type { AddressSpace, AddressSpaceMapping } from '../../../../lib/inspect/address-space/address-space.js';
import { KiB, MiB } from '../../../../lib/units.js';

const mapping: AddressSpaceMapping = {
  start: 0x7f7b93e00000n,
  end: 0x7f7b94600000n,
  permissions: 'rw-s',
  offset: 2 * MiB,
  device: '00:11',
  inode: 42,
  path: '/huge/a\nb\u001b[2J',
  deleted: true,
  bytes: { Size: 8 * MiB, KernelPageSize: 2 * MiB, Private_Hugetlb: 4 * MiB },
  numbers: { THPeligible: 0 },
  flags: ['rd', 'wr', 'ht'],
  huge: true,
  pages: [],
};
const newer = {
  ...mapping,
  path: '',
  deleted: false,
  bytes: { ...mapping.bytes, New: 4 * KiB },
  numbers: { THPeligible: 1, ProtectionKey: 0 },
};
const space: AddressSpace = {
  pid: 1,
  command: 'x',
  hasAddressSpace: true,
  mappingCount: 2,
  mappings: [mapping, newer],
  totals: { Size: 16 * MiB, Private_Hugetlb: 8 * MiB, New: 4 * KiB },
  pages: [],
};

it('renderColumns has a column for whatever some mapping has, in KiB, and names on one line', () => {
  expect(renderColumns(space)).toEqual([
    '  Address       Perm    Offset  Device  Inode   Size  KernelPageSize  Private_Hugetlb  New  THPeligible  ProtectionKey   VmFlags' +
      '  Mapping',
    '  7f7b93e00000  rw-s  00200000   00:11     42   8192            2048             4096                 0                 rd wr ht  ' +
      '/huge/a\\012b\\033[2J (deleted)',
    '  7f7b93e00000  rw-s  00200000   00:11     42   8192            2048             4096    4            1              0  rd wr ht',
    '  total KiB                                    16384                             8192    4',
  ]);
});

it.each([20, 40, 80, 100])('renderColumns folds what is wider than %i columns, and cuts nothing but names', (width) => {
  const whole = renderColumns(space).map((line) => line.trim().split(/\s{2,}/));
  const lines = renderColumns(space, width);
  // A column that is too wide by itself has the address before it, and no other.
  expect(lines.filter((line) => line.length > width && line.trim().split(/\s{2,}/).length > 2)).toEqual([]);
  const blocks = lines.join('\n').split('\n\n');
  expect(blocks.every((block) => /^ {2}Address .*\n {2}7f7b93e00000.*\n {2}7f7b93e00000.*\n {2}total KiB/.test(block))).toBe(true);
  const titles = blocks.flatMap((block) => (block.split('\n')[0] ?? '').trim().split(/\s+/).slice(1));
  expect(titles).toEqual(whole[0]?.slice(1));
  expect(lines.join('\n')).toMatch(/ 00200000[^]* 8192[^]* 4096[^]* rd wr ht[^]*[ /]\S*2J \(deleted\)\n/);
});

it('renderColumns shortens long names from the front', () => {
  const path = `/usr/lib/${'x'.repeat(200)}/libc.so`;
  const lines = renderColumns({ ...space, mappings: [{ ...mapping, path, deleted: false }] }, 80);
  expect(lines.join('\n')).toMatch(/ …x+\/libc\.so$/m);
  expect(Math.max(...lines.map((line) => line.length))).toBe(80);
});
