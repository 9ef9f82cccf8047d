import { describe, expect, it } from 'vitest';
import { setup } from '../../../lib/cli/setup.js';
import { planOfPools } from '../../../lib/cli/setup/plan.js';
import { renderSetup } from '../../../lib/cli/setup/render.js';
import { usageMessage } from '../../../lib/cli/usage.js';
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
    ['no plan', [], 'a plan is missing'],
    ['a pool without pages', ['--pool', '2MiB'], '--pool takes'],
    ['a negative pool', ['--pool', '2MiB=-1'], '--pool takes'],
    ['a pool twice', ['--pool', '2MiB=4', '--pool', '2MiB=8'], "--pool must not name one twice. Received '2MiB'"],
    ['a node twice', ['--pool', '2MiB@0=4', '--pool', '2MiB@0=8'], '--pool must not name'],
    ['overcommit twice', ['--overcommit', '2MiB=4', '--overcommit', '2MiB=8'], '--overcommit must not name'],
    ['a size that is none', ['--pool', 'big=1'], "--pool must be a size such as 4096, '2MiB', '64M' or '1GiB'. Received 'big'"],
    ['a node that is not there', ['--pool', '2MiB@7=1'], '--pool must be a NUMA node of this machine: 0-1'],
    ['overcommit of a node', ['--overcommit', '2MiB@0=1'], 'takes no node'],
    ['pages of the machine and of a node', ['--pool', '2MiB=4', '--pool', '2MiB@0=1'], '--pool cannot be given together'],
    ['an unknown option of a mount', ['--mount', '/mnt,pagesizes=2M'], 'mount takes options'],
    ['a relative mount point', ['--mount', 'mnt'], '--mount path must be an absolute path'],
    ['a mount twice', ['--mount', '/mnt', '--mount', '/mnt'], "--mount must not name one twice. Received '/mnt'"],
    ['a share of a pool', ['--mount', '/mnt,min_size=50%'], '--mount min_size must be a size'],
    ['an unknown group', ['--shm-group', 'no such group'], '--shm-group must be a number'],
    ['a group twice', ['--shm-group', '1', '--shm-group', '2'], '--shm-group is given twice'],
    ['an unknown THP mode', ['--thp', 'sometimes'], '--thp must be one of'],
    ['THP twice', ['--thp', 'madvise', '--thp', 'never'], '--thp is given twice'],
    ['undo with a plan', ['--undo', '--pool', '2MiB=1'], '--undo takes back everything'],
    ['a plan beside a file', ['--plan', '/dev/null', '--thp', 'never'], '--plan cannot be'],
    ['a file without JSON', ['--plan', '/dev/null'], '/dev/null is no JSON'],
  ])('refuses %s', async (_, args, message) => {
    const run = async (): Promise<number> => setup.run([...args, '--dry-run', '--root', TWO_NODES.root]);
    expect(usageMessage(await rejectionOf(run()), '')).toContain(message);
  });
});

describe('renderSetup', () => {
  const nothing = { dryRun: false, steps: [], diff: '', left: [], short: [] };

  it('says when there is nothing to do', () => {
    expect(renderSetup(nothing)).toEqual(['Nothing to do']);
    const left = [{ path: '/etc/file', reason: 'it was changed since' }];
    expect(renderSetup({ ...nothing, left }).slice(1)).toEqual(['  /etc/file: it was changed since', '', 'Nothing else to do']);
  });

  it('says what could not be had', () => {
    const result = { ...nothing, left: [{ path: '/mnt', reason: 'in use' }], short: [{ path: '/pool', requested: 9, granted: 7 }] };
    const text = renderSetup({ ...result, kernelParameters: 'hugepagesz=1G hugepages=2' }).join('\n');
    expect(text).toContain('  /mnt: in use');
    expect(text).toContain('  /pool: 7 of 9, the rest at the next boot');
    expect(text).toContain('  hugepagesz=1G hugepages=2');
  });
});
