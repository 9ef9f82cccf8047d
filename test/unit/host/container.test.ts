import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cgroupHint, container } from '../../../lib/host/container.js';

describe('container', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const path = (name: string): string => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    return join(root, name);
  };
  const write = (name: string, text: string): void => {
    writeFileSync(path(name), text);
  };

  it('finds nothing in an empty tree', () => {
    expect(container({ root })).toEqual({
      kind: undefined,
      readOnlySysfs: false,
      otherMountNamespace: undefined,
      otherUserNamespace: false,
      poolsWritable: false,
    });
  });

  it.each([
    ['.dockerenv', '', 'docker'],
    ['run/.containerenv', '', 'podman'],
    ['run/systemd/container', 'systemd-nspawn\n', 'systemd-nspawn'],
    ['proc/self/cgroup', '0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-2.scope\n', 'kubernetes'],
  ])('knows the mark %s', (name, text, kind) => {
    write(name, text);
    expect(container({ root }).kind).toBe(kind);
  });

  it('believes a cgroup more than a mark: Kubernetes runs others', () => {
    write('.dockerenv', '');
    write('proc/self/cgroup', '4:memory:/kubepods/burstable/pod1/2\n');
    expect(container({ root }).kind).toBe('kubernetes');
  });

  const sysfs = (options: string): string => `735 1 0:67 / /sys ${options} - sysfs sysfs rw`;
  it.each([
    ['the mount that holds the pools counts, wherever it is listed', [sysfs('ro'), '1 0 0:61 / / rw - overlay overlay rw'], true],
    ['another read-only mount does not', [sysfs('rw'), '1 0 0:61 / / ro - overlay overlay ro'], false],
    ['nor one below', ['736 735 0:68 / /sys/fs/cgroup ro - tmpfs tmpfs ro', sysfs('rw')], false],
    ['nor one of a similar name', ['737 1 0:68 / /sys/kernel/m ro - tmpfs tmpfs ro', sysfs('rw')], false],
    ['one that is covered does not', [sysfs('ro'), '800 735 0:67 / /sys rw - sysfs sysfs rw'], false],
    ['a read-only file system does', ['735 1 0:67 / /sys rw - sysfs sysfs ro'], true],
  ])('read-only sysfs: %s', (_, mounts, readOnly) => {
    write('proc/self/mountinfo', mounts.join('\n'));
    expect(container({ root }).readOnlySysfs).toBe(readOnly);
  });

  it.each([
    ['the same mounts as process 1', 'pid:[4026531836]', 'mnt:[4026531841]', false],
    ['others', 'pid:[4026531836]', 'mnt:[4026532000]', true],
    ['those of the first process of a PID namespace, which says nothing of the machine', 'pid:[4026532571]', 'mnt:[4026531841]', undefined],
  ])('mount namespace: %s', (_, pid, mnt, other) => {
    symlinkSync(pid, path('proc/self/ns/pid'));
    symlinkSync(mnt, path('proc/self/ns/mnt'));
    symlinkSync('mnt:[4026531841]', path('proc/1/ns/mnt'));
    expect(container({ root }).otherMountNamespace).toBe(other);
  });
});

describe('cgroupHint', () => {
  it.each([
    ['11:hugetlb:/docker/4f1c6c1f', 'docker'],
    ['0::/system.slice/docker-4f1c6c1f.scope', 'docker'],
    ['0::/machine.slice/libpod-4f1c6c1f.scope/container', 'podman'],
    ['0::/lxc.payload.web/init.scope', 'lxc'],
    ['0::/system.slice/docker.service', undefined],
    ['0::/', undefined],
  ])('%s → %s', (text, kind) => {
    expect(cgroupHint(text)).toBe(kind);
  });
});
