import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overriddenSysctls, parseSysctls } from '../../../../lib/host/setup/later-sysctls.js';

const OURS = '/etc/sysctl.d/60-hugepages.conf';
const TEXT = '# ours\nvm.nr_hugepages = 512\nvm.hugetlb_shm_group = 9\n';

describe('overriddenSysctls', () => {
  let root = '';
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const overridden = (): string[] => overriddenSysctls(OURS, TEXT, { root }).map(({ path, reason }) => `${path}: ${reason}`);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
    write(OURS, TEXT);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('has nothing to say of earlier files, of the same values and of other settings', () => {
    write('/etc/sysctl.d/10-db.conf', 'vm.nr_hugepages = 8\n');
    write('/usr/lib/sysctl.d/50-default.conf', 'vm.nr_hugepages = 8\n');
    write('/etc/sysctl.d/99-db.conf', 'vm.nr_hugepages = 512\nvm.swappiness = 1\n# vm.hugetlb_shm_group = 4\n');
    write('/etc/sysctl.d/99-db.conf.bak', 'vm.nr_hugepages = 8\n');
    expect(overridden()).toEqual([]);
  });

  it('names the file that has the last word', () => {
    write('/usr/lib/sysctl.d/70-db.conf', 'vm/nr_hugepages=8');
    write('/run/sysctl.d/80-db.conf', '  -vm.nr_hugepages =  16  \nvm.hugetlb_shm_group = 9');
    expect(overridden()).toEqual([
      '/run/sysctl.d/80-db.conf: it sets vm.nr_hugepages = 16 at boot, after 60-hugepages.conf: remove that line',
    ]);
  });

  it('knows that a file hides the ones of its name, also a masked one', () => {
    write('/run/sysctl.d/80-db.conf', 'vm.nr_hugepages = 16');
    symlinkSync('/dev/null', join(root, '/etc/sysctl.d/80-db.conf'));
    expect(overridden()).toEqual([]);
  });
});

it('parseSysctls() takes the last of one name', () => {
  expect([...parseSysctls('a.b=1\n; c = 2\na/b = 3 4\nnonsense\n = 5')]).toEqual([['a.b', '3 4']]);
});
