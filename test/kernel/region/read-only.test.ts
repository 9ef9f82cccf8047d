/** A region that was attached for reading: what would write, or change its size, is refused, and nothing has changed. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Region, allocateSync, mount } from '../../../lib/index.js';
import type { AllocateSyncOptions } from '../../../lib/index.js';
import { withMountDirectory } from '../../support/mounts.js';
import { BASE_PAGE as P, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';
import { foreign } from '../../support/tokens.js';

const REFUSED = {
  name: 'HugePagesError',
  code: 'ERR_HUGEPAGES_PERMISSION',
  remedy: expect.stringContaining("access: 'read-write'") as string,
};

/** The same memory as another process has it. */
function reader(region: Region): Region {
  return Region.attach(foreign(region.share()), { access: 'read' });
}

async function expectRefusals(options: AllocateSyncOptions, page: number): Promise<void> {
  using region = allocateSync(options);
  region.bytes().fill(7);
  using attached = reader(region);
  const bytes = attached.bytes();
  const before = allCounters();
  const calls = [
    () => attached.discard(0, page, { keepReservation: true }),
    () => attached.discard(1, 2 * page, { round: 'inward' }),
    () => { attached.protect('read-write'); },
    () => attached.refillSync(),
    ...(options.source === 'sysv' ? [] : [1, 8].map((pages) => () => { attached.resize(pages * page); })),
    ...(options.source === 'memfd' ? [() => { attached.seal('shrink'); }] : []),
  ];
  const syscall = options.source === 'sysv' ? 'madvise(MADV_REMOVE)' : 'fallocate(FALLOC_FL_PUNCH_HOLE)';
  expect(errorOf(() => attached.discard(0, page))).toMatchObject({ ...REFUSED, errno: -13, syscall });
  for (const call of calls) expect(errorOf(call)).toMatchObject(REFUSED);
  const writing = [attached.prefault(), attached.refill(0, page), attached.zero(), attached.load(fileURLToPath(import.meta.url))];
  for (const written of writing) expect(await rejectionOf(written)).toMatchObject(REFUSED);
  attached.advise('populate-read');
  expect(delta(before)).toEqual({});
  expect([region.byteLength, attached.byteLength, bytes.length]).toEqual([4 * page, 4 * page, 4 * page]);
  expect(region.bytes().equals(Buffer.alloc(4 * page, 7))).toBe(true);
  expect(attached.holes()).toEqual([]);
  expect(region.seals).not.toContain('shrink');
}

describe('base pages that were attached for reading', () => {
  it.each(['memfd', 'sysv'] as const)('stay as they are: %s', (source) => expectRefusals({ size: 4 * P, backing: ['base'], source }, P));

  it('are handed over to who takes them for reading', async () => {
    using region = allocateSync({ size: 4 * P, backing: ['base'], source: 'memfd' });
    using attached = reader(region);
    const name = `\0hugepages-read-only-${region.id}`;
    const remedy = expect.stringContaining("access: 'read'") as string;
    const [received, sent] = await Promise.all([Region.receive(name), attached.sendTo(name)].map(rejectionOf));
    expect(received).toMatchObject({ code: 'ERR_HUGEPAGES_PERMISSION', remedy });
    expect(sent).toMatchObject({ code: 'ERR_HUGEPAGES_REFUSED', remedy });
    const [taken] = await Promise.all([Region.receive(name, { access: 'read' }), attached.sendTo(name)]);
    taken.dispose();
  });

  it('lie elsewhere after move(), and may only be read there', () => {
    using region = allocateSync({ size: 4 * P, backing: ['base'], source: 'memfd' });
    using attached = reader(region);
    attached.move();
    region.bytes()[0] = 1;
    expect(attached.bytes()[0]).toBe(1);
    expect(errorOf(() => { attached.protect('read-write'); })).toMatchObject(REFUSED);
  });
});

const POOL = { pageSize: H, pages: 8 };
requires({ pool: POOL }).describe('huge pages that were attached for reading', () => {
  withPool(POOL);
  const directory = withMountDirectory();

  it.each(['memfd', 'sysv', 'file'] as const)('stay as they are, and so does what is reserved: %s', (source) => {
    const path = directory.path('m');
    if (source === 'file') mount({ path });
    return expectRefusals({ size: 4 * H, backing: ['hugetlb'], source, ...(source === 'file' && { path }) }, H);
  });

  it('follow a file to the size that somebody else gave it', () => {
    using region = allocateSync({ size: 2 * H, backing: ['hugetlb'], source: 'memfd' });
    using attached = reader(region);
    region.resize(3 * H);
    region.bytes()[2 * H] = 1;
    attached.resize(3 * H);
    expect(attached.bytes()[2 * H]).toBe(1);
  });
});
