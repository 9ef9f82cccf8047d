import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { setThp } from '../../../lib/index.js';
import { selected } from '../../support/kernel-text.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';

const THP = '/sys/kernel/mm/transparent_hugepage';
const words = (): string[] => ['enabled', 'defrag', 'shmem_enabled'].map((name) => selected(readFileSync(`${THP}/${name}`, 'utf8')));

requires({ root: true, thp: true }).describe('setThp', () => {
  withThp({ enabled: 'madvise', defrag: 'madvise', shmem_enabled: 'never' });

  it('writes what differs, and reports the writes', () => {
    const change = { enabled: 'always', defrag: 'madvise', shmem: 'advise' } as const;
    const writes = [
      { setting: 'enabled', file: `${THP}/enabled`, before: 'madvise', after: 'always' },
      { setting: 'shmem', file: `${THP}/shmem_enabled`, before: 'never', after: 'advise' },
    ];
    expect(setThp(change, { dryRun: true })).toEqual({ dryRun: true, writes });
    expect(words()).toEqual(['madvise', 'madvise', 'never']);
    expect(setThp(change)).toEqual({ dryRun: false, writes });
    expect(words()).toEqual(['always', 'madvise', 'advise']);
    expect(setThp(change).writes).toEqual([]);
    setThp({ enabled: 'madvise', shmem: 'never' });
  });

  it('is not for an ordinary user, who is told how', () => {
    const script = `
      import { setThp } from 'hugepages';
      try { setThp({ defrag: 'madvise', enabled: 'always' }); } catch ({ code, remedy }) { console.log(code, remedy); }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { ...NOBODY, encoding: 'utf8' });
    expect(stdout).toMatch(/^ERR_HUGEPAGES_PERMISSION .*echo always \| sudo tee \/sys\/kernel\/mm\/transparent_hugepage\/enabled/);
    expect(words()).toEqual(['madvise', 'madvise', 'never']);
  });
});
