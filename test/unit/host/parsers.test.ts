/** The parsers of kernel text: none throws, whatever the text, and each reads back what is written in the kernel's format. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHierarchy, parseCgroups } from '../../../lib/host/cgroup-hierarchy.js';
import { parseLimit, parseReclaimable } from '../../../lib/host/cgroups.js';
import { cgroupHint } from '../../../lib/host/container.js';
import { parseCpuList } from '../../../lib/host/cpu-list.js';
import { parseCapabilities } from '../../../lib/host/limits.js';
import { parseMapCount, parseMeminfo } from '../../../lib/host/memory.js';
import { parseMountinfo } from '../../../lib/host/mounts/mountinfo.js';
import type { MountEntry } from '../../../lib/host/mounts/mountinfo.js';
import { parseMounts } from '../../../lib/host/mounts/mounts.js';
import { parseDefaultPageSize } from '../../../lib/host/pools/pools.js';
import { parseResourceLimit, parseStatus, parseThpEnabled, statusBytes, statusNumbers } from '../../../lib/host/process-status.js';
import { parseChoice } from '../../../lib/host/thp.js';

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  parseCapabilities: (text) => parseCapabilities(parseStatus(text), undefined),
  parseCgroups,
  parseChoice,
  parseCpuList,
  parseDefaultPageSize,
  parseLimit,
  parseMapCount,
  parseMeminfo,
  parseMountinfo,
  parseMounts,
  parseReclaimable,
  parseResourceLimit: (text) => parseResourceLimit(text, 'Max locked memory'),
  parseStatus,
  parseThpEnabled: (text) => parseThpEnabled(parseStatus(text)),
  cgroupHint,
  findHierarchy: (text) => findHierarchy('hugetlb', parseCgroups(text), parseMountinfo(text)),
  statusBytes: (text) => statusBytes(parseStatus(text), 'VmLck'),
  statusNumbers: (text) => statusNumbers(parseStatus(text), 'Uid'),
};

/** Text that is almost the kernel's: its words, in any order. */
const WORDS = [
  ...['\n', ' ', '\t', ',', ':', '-', '/', '=', '0', '1', '4294967296', '99999999999999999999', '-1', '\\040', '\\', '[', ']', 'kB', 'max'],
  ...['VmLck:\t', 'Uid:\t', 'CapEff:\t', 'zz', 'THP_enabled:\t', 'Max locked memory ', 'unlimited', '0::/a', '11:hugetlb:/', '/../..'],
  ...['1 2 0:3 / /mnt rw - hugetlbfs none rw,', '3 2 0:4 ', 'rw - cgroup2 none rw'],
  ...[ 'pagesize=', 'size=', 'nr_inodes=', 'mode=9', 'cgroup2', 'Hugepagesize: ', 'MemFree: ', '2048 kB'],
];
const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((parts) => parts.join(''));

describe.each(Object.entries(PARSERS))('%s', (_, parse) => {
  it('does not throw, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), words), (text) => void parse(text)), { numRuns: 1000 });
  });
});

/** The path of a cgroup. */
const path = fc.array(fc.stringMatching(/^\w[\w.@:-]{0,7}$/), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);

describe('mountinfo', () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', '/', ' ', '\t', '\n', '\\', '#', '-', 'é') });
  const words = fc.array(fc.stringMatching(/^[\w=]{1,8}$/), { minLength: 1, maxLength: 4 });
  const entry: fc.Arbitrary<MountEntry> = fc.record({
    id: fc.nat(),
    parent: fc.nat(),
    device: fc.constantFrom('0:31', '259:2'),
    root: name,
    mountPoint: name,
    options: words,
    type: fc.constantFrom('hugetlbfs', 'cgroup2', 'fuse.sshfs'),
    source: name,
    superOptions: words,
  });
  const escape = (text: string): string =>
    text.replace(/[ \t\n\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
  const line = (mount: MountEntry, optional: readonly string[]): string =>
    [
      ...[mount.id, mount.parent, mount.device, escape(mount.root), escape(mount.mountPoint), mount.options.join(','), ...optional, '-'],
      ...[mount.type, escape(mount.source), mount.superOptions.join(',')],
    ].join(' ');

  it('is read back, with any number of optional fields', () => {
    const optional = fc.array(fc.constantFrom('shared:7', 'master:3', 'propagate_from:2', 'unbindable'));
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, optional)), (mounts) => {
        const text = mounts.map((mount) => `${line(...mount)}\n`).join('');
        expect(parseMountinfo(text)).toEqual(mounts.map(([mount]) => mount));
      }),
    );
  });
});

describe('/proc/PID/cgroup', () => {
  it('is read back', () => {
    const controllers = fc.array(fc.stringMatching(/^[a-z_=]{1,8}$/), { minLength: 1 });
    const version1 = fc.record({ controllers, version: fc.constant(1), path });
    const version2 = fc.record({ controllers: fc.constant([]), version: fc.constant(2), path });
    fc.assert(
      fc.property(fc.array(version1), version2, (first, last) => {
        const lines = first.map(({ controllers, path }, index) => `${String(index + 1)}:${controllers.join(',')}:${path}\n`);
        expect(parseCgroups(`${lines.join('')}0::${last.path}\n`)).toEqual([...first, last]);
      }),
    );
  });
});

describe('the way up from a cgroup', () => {
  const mount = (root: string): MountEntry => ({
    ...{ id: 2, parent: 1, device: '0:26', root, mountPoint: '/sys/fs/cgroup', source: 'cgroup2', type: 'cgroup2' },
    ...{ options: ['rw'], superOptions: ['rw'] },
  });
  const levelsOf = (own: string, root: string): unknown =>
    findHierarchy('hugetlb', [{ controllers: [], version: 2, path: own }], [mount(root)])?.levels;

  it('is one level for each part of its path, up to the root of the mount', () => {
    fc.assert(
      fc.property(path, path, (root, below) => {
        const own = root === '/' ? below : `${root}${below === '/' ? '' : below}`;
        const names = own === root ? [] : (root === '/' ? own : own.slice(root.length)).slice(1).split('/');
        const expected = Array.from({ length: names.length + 1 }, (_, up) => {
          const rest = names.slice(0, names.length - up).map((part) => `/${part}`).join('');
          return { path: root === '/' ? rest || '/' : `${root}${rest}`, directory: `/sys/fs/cgroup${rest}` };
        });
        expect(levelsOf(own, root)).toEqual(expected);
      }),
    );
  });

  it('passes a cgroup whose name begins with dots', () => {
    expect(levelsOf('/..a', '/')).toHaveLength(2);
  });

  it('ends at the root of a mount that no kernel writes', () => {
    expect(levelsOf('/a/b', '')).toHaveLength(3);
  });

  it.each([
    ['/a', '/b'],
    ['/ab', '/a'],
    ['/../a', '/'],
    ['/', '/a'],
  ])('is not seen from %s in a mount of %s', (own, root) => {
    expect(levelsOf(own, root)).toBeUndefined();
  });
});

describe('tables of names and values', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z_]{1,12}$/));
  const kib = fc.nat(2 ** 31);

  it('meminfo is read back in bytes, whatever the padding', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.stringMatching(/^[A-Z][\w()]{0,12}$/), kib)), (fields) => {
        const text = fields.map(([name, value]) => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`).join('');
        expect(parseMeminfo(text)).toEqual(new Map(fields.map(([name, value]) => [name, value * 1024])));
      }),
    );
  });

  it('status is read back', () => {
    fc.assert(
      fc.property(names, kib, (fields, value) => {
        const status = parseStatus(fields.map((name) => `${name}:\t${String(value).padStart(8)} kB\n`).join(''));
        expect([...status.keys()]).toEqual(fields);
        for (const name of fields) expect(statusBytes(status, name)).toBe(value * 1024);
      }),
    );
  });

  it('limits is read back', () => {
    const limit = fc.oneof(fc.constant(Infinity), fc.nat());
    const text = (bytes: number): string => (bytes === Infinity ? 'unlimited' : String(bytes)).padEnd(20);
    fc.assert(
      fc.property(limit, limit, (soft, hard) => {
        const line = `Max data size             unlimited\nMax locked memory         ${text(soft)} ${text(hard)} bytes     \n`;
        expect(parseResourceLimit(line, 'Max locked memory')).toEqual({ soft, hard });
      }),
    );
  });
});

describe('a list of CPUs', () => {
  it('of more than any kernel has is not one', () => {
    expect(parseCpuList('0-4294967295,3,5-4,x,1-2-3')).toEqual([3]);
  });
});
