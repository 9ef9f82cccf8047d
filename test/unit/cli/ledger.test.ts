/** What `hugepages ledger` says. */
import { describe, expect, it } from 'vitest';
import { renderLeaks } from '../../../lib/cli/ledger/render-leaks.js';
import { renderLedger } from '../../../lib/cli/ledger/render.js';
import type { Ledger, LedgerHolder, LedgerPool, LedgerRow } from '../../../lib/index.js';

const H = 2 ** 21;
const seen = { consistent: true, partial: false, gaps: [], unreadable: [] };
const holder = (pid: number, command: string, ...uses: LedgerHolder['uses']): LedgerHolder => ({ pid, command, uses });
const segment = { id: 7, key: 0x4711, creatorUid: 0, creatorPid: 12, attachments: 0, namespace: undefined };
const object = { device: '00:11', inode: 7, byteLength: H, linked: false, segment: undefined, holdersComplete: true };

function ledgerOf(rows: readonly LedgerRow[], changes: Partial<LedgerPool & Ledger> = {}): Ledger {
  const sum = (key: 'used' | 'reserved'): number => rows.reduce((total, row) => total + row[key], 0);
  const { used, reserved } = { used: sum('used'), reserved: sum('reserved') };
  const counts = { pageSize: H, total: 64, free: 64 - used, used, reserved, residue: { used: 0, reserved: 0 } };
  const pool = { ...counts, surplus: { pages: 0, overcommit: 0, shrunk: 0 }, rows, ...changes };
  return { pools: [pool], attempts: 1, ...seen, ...changes };
}

describe('a ledger', () => {
  it('has a line for each row, and their sum', () => {
    const many = [1, 2, 3, 4, 5].map((pid) => holder(pid, 'a\nb', 'mapped'));
    const rows: LedgerRow[] = [
      { kind: 'private', used: 8, reserved: 1, holders: [holder(4711, 'node', 'mapped')] },
      { kind: 'private', used: 2, reserved: -2, holders: many },
      { kind: 'anonymous', used: 1, reserved: 0, holders: many.slice(0, 2), ...object, name: '/anon_hugepage' },
      { kind: 'memfd', used: 1, reserved: 0, holders: [holder(9, 'db', 'open')], ...object, name: 'cache' },
      { kind: 'sysv', used: 1, reserved: 2, holders: [], ...object, name: '/SYSV00004711', segment },
      { kind: 'file', used: 1, reserved: 0, holders: [], ...object, name: '/mnt/huge/f', linked: true },
      { kind: 'file', used: 1, reserved: 0, holders: [], ...object, name: '/mnt/huge/u', linked: true, holdersComplete: false },
      { kind: 'file', used: 1, reserved: 0, holders: [holder(9, 'db', 'mapped', 'open')], ...object, name: '/mnt/huge/g' },
      { kind: 'mount', used: 0, reserved: 3, holders: [], mountPoint: '/mnt/huge', device: '00:27' },
      { kind: 'undetermined', used: 0, reserved: 1, holders: [], among: [0, 4].map((row) => ({ row, least: 0, most: 1 })) },
    ];
    expect(renderLedger(ledgerOf(rows))).toEqual([
      '2MiB  64 pages: 16 used, 48 free, of which 5 reserved',
      '  row  whose                              used  reserved  used bytes  held by',
      '    1  private memory                        8         1       16MiB  4711 node',
      '    2  private memory, common since fork     2        -2        4MiB  1 a\\012b, 2 a\\012b, 3 a\\012b, 2 more',
      '    3  shared memory                         1         0        2MiB  1 a\\012b, 2 a\\012b',
      '    4  memfd cache                           1         0        2MiB  9 db (open)',
      '    5  segment 7 key 0x00004711              1         2        2MiB  nobody',
      '    6  /mnt/huge/f                           1         0        2MiB  nobody',
      '    7  /mnt/huge/u                           1         0        2MiB  no process that can be looked into',
      '    8  /mnt/huge/g (deleted)                 1         0        2MiB  9 db',
      '    9  min_size of /mnt/huge                 0         3          0B',
      '   10  of rows 1, 5                          0         1          0B',
      '       all                                  16         5       32MiB  accounted for',
    ]);
  });

  it('says what is left over and what it may be', () => {
    const rows: LedgerRow[] = [{ kind: 'residue', used: 2, reserved: 0, holders: [], reasons: ['Files on a moon'] }];
    const lines = renderLedger(ledgerOf(rows, { residue: { used: 2, reserved: 0 } }));
    expect(lines.slice(2)).toEqual([
      '    1  left over     2         0        4MiB',
      '       all           2         0        4MiB  not accounted for',
      '  What is left over may be:',
      '    Files on a moon',
    ]);
  });

  it.each([20, 40, 80])('is folded where a terminal would cut it at %i columns', (width) => {
    const rows: LedgerRow[] = [
      { kind: 'file', used: 1234567, reserved: -1, holders: [holder(4711, 'node', 'mapped')], ...object, name: `/mnt/${'x'.repeat(60)}` },
    ];
    const lines = renderLedger(ledgerOf(rows), width).slice(1);
    // A name that is too wide stands alone, behind the number of its row.
    const cut = lines.filter((line) => line.length > width);
    const alone = /^ +(?:row {2}(?:whose|held by)|1 {2}\/mnt\/x+ \(deleted\)|1 {2}4711 node|accounted for)$/;
    expect(cut.filter((line) => !alone.test(line))).toEqual([]);
    for (const title of ['used', 'reserved', 'used bytes', 'held by']) expect(lines.join('\n')).toMatch(new RegExp(` ${title}( |$)`, 'm'));
    expect(lines.join('\n')).toMatch(/ 1 {2}\/mnt\/x+ \(deleted\)$[^]* 1234567[^]* -1[^]* 4711 node$/m);
  });

  it('says what was not seen, and when it was several moments', () => {
    const unread = { gaps: ['1 process may not be looked into'], unreadable: [{ pid: 1, command: 'init' }] };
    expect(renderLedger(ledgerOf([], { total: 0, free: 0, consistent: false, attempts: 5, ...unread }))).toEqual([
      '2MiB  0 pages: 0 used, 0 free, of which 0 reserved',
      '',
      'The pools changed while they were read: rows are of different moments',
      'Not seen: 1 process may not be looked into',
      '  1 init',
    ]);
  });

  it('has one page, and names the first of many processes', () => {
    const unreadable = Array.from({ length: 71 }, (_, pid) => ({ pid, command: 'x' }));
    const lines = renderLedger(ledgerOf([], { total: 1, free: 1, unreadable }));
    expect(lines[0]).toMatch(/^2MiB {2}1 page: /);
    expect(lines.at(-1)).toMatch(/^ {2}0 x, 1 x, .*, 11 x and 59 more$/);
  });

  it.each([
    [{ pages: 3, overcommit: 4, shrunk: 0 }, '  3 surplus, which leave the pool when they are freed; 4 may be made on demand'],
    [{ pages: 3, overcommit: 1, shrunk: 2 }, /1 may be made on demand, so 2 are of a pool that was made smaller$/],
  ])('explains surplus pages: %j', (surplus, text) => {
    expect(renderLedger(ledgerOf([], { surplus })).at(-1)).toMatch(text);
  });

  it('is empty on a kernel without pools', () => {
    expect(renderLedger({ pools: [], attempts: 1, ...seen })).toEqual(['  none: this kernel has no hugetlb pools']);
  });
});

describe('leaks', () => {
  it('each have the command that frees them', () => {
    const pages = { pageSize: H, used: 2, reserved: 1 };
    const lines = renderLeaks({
      leaks: [
        { kind: 'segment', segment, creatorEnded: true, ...pages, command: 'ipcrm -m 7' },
        { kind: 'segment', segment, creatorEnded: false, ...pages, command: 'ipcrm -m 7' },
        { kind: 'file', path: '/mnt/f', throughPid: undefined, certain: true, ...pages, command: 'rm /mnt/f' },
        { kind: 'file', path: '/mnt/u', throughPid: 7, certain: false, ...pages, command: undefined },
        { kind: 'changes', purpose: 'hugepages demo', pid: 3, count: 2, command: 'hugepages restore' },
      ],
      ...seen,
    });
    expect(lines).toEqual([
      'segment 7, key 0x00004711: 2 used and 1 reserved pages of 2MiB, attached by nobody, whose maker has ended (pid 12)',
      '  ipcrm -m 7',
      'segment 7, key 0x00004711: 2 used and 1 reserved pages of 2MiB, attached by nobody, made by pid 12',
      '  ipcrm -m 7',
      '/mnt/f: 2 used and 1 reserved pages of 2MiB, which no process maps or has open',
      '  rm /mnt/f',
      '/mnt/u: 2 used and 1 reserved pages of 2MiB, which no process that can be looked into maps or has open' +
        '; in another mount namespace, reached while pid 7 runs',
      'hugepages demo (pid 3) was killed, and left 2 changed',
      '  hugepages restore',
    ]);
  });

  it('may be none', () => {
    expect(renderLeaks({ leaks: [], ...seen })).toEqual(['Nothing was left behind']);
  });
});
