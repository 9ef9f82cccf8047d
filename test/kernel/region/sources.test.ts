/** Where memory comes from: what the kernel says of a memfd, a file and a segment, and that they go with their last mapping. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocate, allocateSync, mount } from '../../../lib/index.js';
import type { AllocateSyncOptions, BackingKind, Region } from '../../../lib/index.js';
import { mappingsOf } from '../../support/kernel-text.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { segments } from '../../support/segments.js';
import { withThp } from '../../support/thp.js';
import { rejectionOf } from '../../support/thrown.js';

const POOL = { pageSize: H, pages: 4 };

function check(region: Region, kind: BackingKind): void {
  expect(region.backing.kind).toBe(kind);
  const [mapping, ...others] = mappingsOf(region.address, region.byteLength);
  expect(others).toEqual([]);
  expect(mapping?.permissions).toBe(region.shared ? 'rw-s' : 'rw-p');
  region.bytes().fill(0x5a);
  expect(region.bytes().equals(Buffer.alloc(region.byteLength, 0x5a))).toBe(true);
}

requires({ pool: POOL }).describe('on hugetlb pages', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  const SOURCES: [source: string, options: () => Omit<AllocateSyncOptions, 'size'>][] = [
    ['memfd', () => ({ source: 'memfd' })],
    ['memfd, private', () => ({ source: 'memfd', shared: false })],
    ['sysv', () => ({ source: 'sysv' })],
    ['file on a mount that is found', () => ({ source: 'file' })],
    ['file in a directory', () => ({ source: 'file', path: directory.path('m') })],
    ['file of a path', () => ({ source: 'file', path: directory.path('m/name') })],
    ['file, private', () => ({ source: 'file', path: directory.path('m'), shared: false })],
  ];

  it.each(SOURCES)('%s: its pages are reserved, taken, and back at once', async (_, options) => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    for (const placed of [{}, { guard: true }, { alignment: 4 * H }]) {
      using region = await allocate({ size: 3 * H, backing: ['hugetlb'], prefault: false, ...placed, ...options() });
      expect(delta(before)).toEqual({ [H]: { reserved: 3 } });
      expect(region.source).toBe(options().source);
      expect(region.path).toBeUndefined();
      expect(readdirSync(directory.path('m'))).toEqual([]);
      await region.prefault({ length: H });
      expect(delta(before)).toEqual({ [H]: { free: -1, reserved: 2 } });
      check(region, 'hugetlb');
      expect(delta(before)).toEqual({ [H]: { free: -3 } });
      region.dispose();
      expect(delta(before)).toEqual({});
    }
  });

  it.each(SOURCES)('%s: without a reservation its pages are taken when they are touched', async (_, options) => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    using region = allocateSync({ size: 6 * H, backing: ['hugetlb'], prefault: false, reserve: false, ...options() });
    expect(delta(before)).toEqual({});
    expect(await rejectionOf(region.prefault())).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE', details: { populatedBytes: 4 * H } });
    expect(delta(before)).toEqual({ [H]: { free: -4 } });
    region.dispose();
    expect(delta(before)).toEqual({});
  });

  it.each(SOURCES)('%s: one that the pool has not leaves nothing', async (_, options) => {
    mount({ path: directory.path('m') });
    const [before, listed] = [allCounters(), segments()];
    const failure = { name: 'HugePagesError', code: 'ERR_HUGEPAGES_NO_MEMORY', details: { command: expect.any(String) as string } };
    expect(await rejectionOf(allocate({ size: 5 * H, backing: ['hugetlb'], ...options() }))).toMatchObject(failure);
    expect(delta(before)).toEqual({});
    expect(readdirSync(directory.path('m'))).toEqual([]);
    expect(segments()).toEqual(listed);
  });

  it('a segment is marked for removal from the start', () => {
    const before = segments();
    using region = allocateSync({ size: H, backing: ['hugetlb'], source: 'sysv', key: 0x68756765 });
    expect(region.shared).toBe(true);
    const [made, ...others] = segments().filter(({ id }) => !before.some((other) => other.id === id));
    expect(others).toEqual([]);
    expect(made).toMatchObject({ key: 0, attached: 1, marked: true });
  });

  it('a memfd has the name that it was given', () => {
    using region = allocateSync({ size: H, backing: ['hugetlb'], source: 'memfd', name: 'cache' });
    expect(readFileSync('/proc/self/maps', 'utf8')).toMatch(new RegExp(`^${region.address.toString(16)}-.*/memfd:hugepages:cache:`, 'm'));
  });
});

it.each(['memfd', 'sysv'] as const)('%s on base pages', (source) => {
  using region = allocateSync({ size: 3 * 4096, backing: ['base'], source });
  check(region, 'base');
});

requires({ root: true, thp: true }).describe('on transparent huge pages', () => {
  withThp({ shmem_enabled: 'advise' });

  it.each(['memfd', 'sysv'] as const)('%s', (source) => {
    using region = allocateSync({ size: 3 * H, backing: ['thp'], source });
    check(region, 'thp');
  });
});
