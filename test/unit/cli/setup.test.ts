import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../lib/cli/command.js';
import { planOfPools, renderSetup, setup } from '../../../lib/cli/setup.js';
import { rejectionOf } from '../../support/thrown.js';
import { TWO_NODES } from '../host/fixtures.js';

describe('planOfPools', () => {
  it('makes one pool of each page size', () => {
    expect(planOfPools(['2MiB@0=5', '1GiB=2', '2MiB@1=3'], ['2MiB=64', '64KiB=1'])).toEqual([
      { pageSize: '2MiB', nodes: { 0: 5, 1: 3 }, overcommit: 64 },
      { pageSize: '1GiB', pages: 2 },
      { pageSize: '64KiB', overcommit: 1 },
    ]);
  });
});

describe('hugepages setup', () => {
  it.each([
    ['no plan', []],
    ['a pool without pages', ['--pool', '2MiB']],
    ['a negative pool', ['--pool', '2MiB=-1']],
    ['a pool twice', ['--pool', '2MiB=4', '--pool', '2MiB=8']],
    ['a node twice', ['--pool', '2MiB@0=4', '--pool', '2MiB@0=8']],
    ['overcommit twice', ['--overcommit', '2MiB=4', '--overcommit', '2MiB=8']],
    ['a size that is none', ['--pool', 'big=1']],
    ['a node that is not there', ['--pool', '2MiB@7=1']],
    ['overcommit of a node', ['--overcommit', '2MiB@0=1']],
    ['pages of the machine and of a node', ['--pool', '2MiB=4', '--pool', '2MiB@0=1']],
    ['an unknown option of a mount', ['--mount', '/mnt,pagesizes=2M']],
    ['a relative mount point', ['--mount', 'mnt']],
    ['an unknown group', ['--shm-group', 'no such group']],
    ['an unknown THP mode', ['--thp', 'sometimes']],
    ['undo with a plan', ['--undo', '--pool', '2MiB=1']],
    ['a plan beside a file', ['--plan', '/dev/null', '--thp', 'never']],
    ['a file without JSON', ['--plan', '/dev/null']],
  ])('refuses %s', async (_, args) => {
    const run = async (): Promise<number> => setup.run([...args, '--dry-run', '--root', TWO_NODES.root]);
    expect(await rejectionOf(run())).toBeInstanceOf(UsageError);
  });
});

describe('renderSetup', () => {
  const nothing = { dryRun: false, steps: [], diff: '', left: [], short: [] };

  it('says when there is nothing to do', () => {
    expect(renderSetup(nothing)).toEqual(['Nothing to do']);
  });

  it('says what could not be had', () => {
    const result = { ...nothing, left: [{ path: '/mnt', reason: 'in use' }], short: [{ path: '/pool', requested: 9, granted: 7 }] };
    const text = renderSetup({ ...result, kernelParameters: 'hugepagesz=1G hugepages=2' }).join('\n');
    expect(text).toContain('  /mnt: in use');
    expect(text).toContain('  /pool: 7 of 9, the rest at the next boot');
    expect(text).toContain('  hugepagesz=1G hugepages=2');
  });
});
