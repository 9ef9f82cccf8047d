/** Who has made a private mapping, and who has it from a parent. */
import { describe, expect, it } from 'vitest';
import { lineages } from '../../../../lib/inspect/ledger/lineage.js';
import type { HugeMapping } from '../../../../lib/inspect/ledger/survey.js';
import type { OpenFile } from '../../../../lib/inspect/procfs/descriptors.js';

const H = 2 ** 21;
// Both clocks at one moment: what is told apart is a tick of 10 ms.
const [now, uptime] = [Date.now(), Number(process.hrtime.bigint()) / 1e9];

/** A process that started so many seconds ago, and what it maps. */
function mapping(pid: number, parent: number, seconds: number, path: string, inode = 7): HugeMapping {
  const started = Math.round((uptime - seconds) * 100);
  const maker = { pid, command: 'c', thread: pid, parent, started, ipcNamespace: undefined };
  const range = { start: 0x10000000n, end: 0x10000000n + BigInt(H), offset: 0, permissions: 'rw-p' };
  const file = { device: '00:11', inode, path, deleted: path === '/anon_hugepage' };
  return { process: maker, mapping: { ...range, ...file, bytes: {}, numbers: {}, flags: ['ht'] }, pageSize: H };
}

/** The lineages of mappings whose file was made so many seconds ago. */
function found(mappings: readonly HugeMapping[], seconds: number | undefined): (string | undefined)[] {
  const file = { device: '00:11', inode: 7, size: H, allocated: 0, links: 0 };
  const fileOf = (): OpenFile | undefined => (seconds === undefined ? undefined : { ...file, changed: now - seconds * 1000 });
  const known = lineages(mappings, fileOf);
  return mappings.map((each) => known.get(each));
}

describe('a mapping of anonymous memory', () => {
  const anonymous = '/anon_hugepage';

  it('is its process’s own when it is younger, and a parent’s when it is older', () => {
    expect(found([mapping(5, 1, 100, anonymous)], 50)).toEqual(['maker']);
    expect(found([mapping(5, 1, 50, anonymous)], 100)).toEqual(['orphan']);
  });

  it('of the same moment as its process, or of an unknown one, may be either', () => {
    expect(found([mapping(5, 1, 50, anonymous)], 50)).toEqual(['unknown']);
    expect(found([mapping(5, 1, 50, anonymous)], undefined)).toEqual(['unknown']);
  });

  it('is the elder’s of several, whoever is the parent', () => {
    expect(found([mapping(9, 1, 30, anonymous), mapping(5, 1, 100, anonymous), mapping(8, 5, 40, anonymous)], 50)).toEqual([
      'heir',
      'maker',
      'heir',
    ]);
    expect(found([mapping(6, 5, 100, anonymous), mapping(5, 1, 100, anonymous)], 50)).toEqual(['heir', 'maker']);
  });

  it('has nothing to do with one of another inode', () => {
    expect(found([mapping(5, 1, 100, anonymous, 7), mapping(6, 5, 90, anonymous, 8)], 50)).toEqual(['maker', 'maker']);
  });
});

describe('a private mapping of a file', () => {
  it('is a parent’s when the parent has it as well', () => {
    expect(found([mapping(5, 1, 100, '/mnt/f'), mapping(6, 5, 90, '/mnt/f')], 50)).toEqual(['maker', 'heir']);
  });

  it('may be anybody’s when the file is older than the process', () => {
    expect(found([mapping(5, 1, 100, '/mnt/f'), mapping(6, 1, 90, '/mnt/f')], 200)).toEqual(['unknown', 'unknown']);
  });
});
