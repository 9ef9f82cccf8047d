/** Who has made a private mapping, and who has it from a parent. */
import { describe, expect, it } from 'vitest';
import { lineages } from '../../../../lib/inspect/ledger/lineage.js';
import type { HugeMapping } from '../../../../lib/inspect/ledger/survey.js';
import type { OpenFile } from '../../../../lib/inspect/procfs/descriptors.js';

const H = 2 ** 21;
// Both clocks at one moment: what is told apart is a tick of 10 ms.
const [now, uptime] = [Date.now(), Number(process.hrtime.bigint()) / 1e9];

const ANONYMOUS = '/anon_hugepage';

interface Origin {
  readonly forker?: number;
  readonly hasExecuted?: boolean;
  readonly path?: string;
  readonly inode?: number;
}

/** What a process maps that started so many seconds ago. */
function mapping(pid: number, seconds: number, { forker, hasExecuted = false, path = ANONYMOUS, inode = 7 }: Origin = {}): HugeMapping {
  const started = Math.round((uptime - seconds) * 100);
  const process = { pid, command: 'c', thread: pid, started, hasExecuted, forker, ipcNamespace: undefined };
  const range = { start: 0x10000000n, end: 0x10000000n + BigInt(H), offset: 0, permissions: 'rw-p' };
  const file = { device: '00:11', inode, path, deleted: path === ANONYMOUS };
  return { process, mapping: { ...range, ...file, bytes: {}, numbers: {}, flags: ['ht'] }, pageSize: H };
}

/** The lineages of mappings whose file was made so many seconds ago. */
function found(mappings: readonly HugeMapping[], seconds: number | undefined): (string | undefined)[] {
  const file = { device: '00:11', inode: 7, size: H, allocated: 0, links: 0 };
  const fileOf = (): OpenFile | undefined => (seconds === undefined ? undefined : { ...file, changed: now - seconds * 1000 });
  const known = lineages(mappings, fileOf);
  return mappings.map((each) => known.get(each));
}

describe('a mapping of anonymous memory', () => {
  it('is the own one of a process that has executed a program, whenever it was made', () => {
    for (const seconds of [50, 100, 200, undefined]) expect(found([mapping(5, 100, { hasExecuted: true })], seconds)).toEqual(['maker']);
  });

  it('is most likely the own one when it is younger than the process, and a parent’s when it is older', () => {
    expect(found([mapping(5, 100)], 50)).toEqual(['likely']);
    expect(found([mapping(5, 50)], 100)).toEqual(['orphan']);
  });

  it('of the same moment as the process, or of an unknown one, is most likely the own one if its parent has it not', () => {
    for (const seconds of [50, undefined]) {
      expect(found([mapping(5, 50)], seconds)).toEqual(['unknown']);
      expect(found([mapping(5, 50, { forker: 4 })], seconds)).toEqual(['likely']);
    }
  });

  it('may be anybody’s when the clock says that it is older, and the parent has it not', () => {
    expect(found([mapping(5, 50, { forker: 4 })], 100)).toEqual(['unknown']);
  });

  it('is that of the one who has executed a program, or else of the eldest', () => {
    const executed = mapping(9, 50, { hasExecuted: true });
    expect(found([mapping(5, 50), executed, mapping(8, 40)], 50)).toEqual(['heir', 'maker', 'heir']);
    expect(found([mapping(9, 30), mapping(5, 100), mapping(8, 40, { forker: 5 })], 50)).toEqual(['heir', 'likely', 'heir']);
  });

  it('is a parent’s also where both started in one tick, and process numbers began anew', () => {
    expect(found([mapping(3, 100, { forker: 9 }), mapping(9, 100)], 50)).toEqual(['heir', 'likely']);
  });

  it('has nothing to do with one of another inode', () => {
    expect(found([mapping(5, 100, { inode: 7 }), mapping(6, 90, { forker: 5, inode: 8 })], 50)).toEqual(['likely', 'likely']);
  });
});

describe('a private mapping of a file', () => {
  const path = '/mnt/f';

  it('is the own one of a process that has executed a program', () => {
    const executed = [mapping(5, 100, { path, hasExecuted: true }), mapping(6, 90, { path, hasExecuted: true })];
    expect(found(executed, 50)).toEqual(['maker', 'maker']);
  });

  it('is most likely the own one if the parent has it not, and may be either’s if it has', () => {
    expect(found([mapping(5, 100, { path, forker: 4 })], 50)).toEqual(['likely']);
    expect(found([mapping(5, 100, { path, hasExecuted: true }), mapping(6, 90, { path, forker: 5 })], 50)).toEqual(['maker', 'unknown']);
    expect(found([mapping(5, 100, { path })], 50)).toEqual(['unknown']);
  });
});
