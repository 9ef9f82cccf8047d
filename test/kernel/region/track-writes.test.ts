/** region.trackWrites(): which pages were written since it was last asked. */
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Region as BuiltRegion, allocateSync as allocateBuilt } from 'hugepages';
import { Region, WriteTracker, allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions } from '../../../lib/index.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';
import { withThp } from '../../support/thp.js';

const PAGES = 8;

/** What was written, in pages: the first one and their number. */
function taken(tracker: WriteTracker, pageSize: number): [first: number, count: number][] {
  return tracker.take().map(({ offset, length }) => [offset / pageSize, length / pageSize]);
}

function store(region: Region, page: number, pageSize: number): void {
  region.bytes()[page * pageSize] = 1;
}

/** On populated memory, what is told is what was written. */
function check(options: AllocateSyncOptions, pageSize: number): void {
  using region = allocateSync(options);
  for (let page = 0; page < PAGES; page++) store(region, page, pageSize);
  using tracker = region.trackWrites();
  expect(taken(tracker, pageSize)).toEqual([]);
  store(region, 1, pageSize);
  store(region, 4, pageSize);
  store(region, 5, pageSize);
  expect(region.bytes()[6 * pageSize]).toBe(1);
  expect(taken(tracker, pageSize)).toEqual([
    [1, 1],
    [4, 2],
  ]);
  expect(taken(tracker, pageSize)).toEqual([]);

  const zeros = openSync('/dev/zero', 'r');
  readSync(zeros, region.bytes(2 * pageSize, 1));
  closeSync(zeros);
  expect(taken(tracker, pageSize), 'read(2)').toEqual([[2, 1]]);

  region.discard(3 * pageSize, pageSize);
  expect(region.bytes()[3 * pageSize]).toBe(0);
  expect(taken(tracker, pageSize), 'discarded and read').toEqual([[3, 1]]);
  expect(taken(tracker, pageSize)).toEqual([]);
}

async function checkWorker(options: AllocateSyncOptions, pageSize: number): Promise<void> {
  const region = allocateBuilt(options);
  try {
    const tracker = region.trackWrites();
    region.bytes().fill(1);
    tracker.take();
    const url = new URL('children/write-in-worker.mjs', import.meta.url);
    await once(new Worker(url, { workerData: { token: region.share(), page: 3 } }), 'exit');
    expect(tracker.take()).toEqual([{ offset: 3 * pageSize, length: pageSize }]);
    tracker.dispose();
  } finally {
    BuiltRegion.prototype.dispose.call(region);
  }
}

describe('writes to a region', () => {
  for (const source of ['anonymous', 'memfd', 'sysv'] as const) {
    it(`on base pages, ${source}`, () => check({ size: PAGES * BASE_PAGE, backing: ['base'], source }, BASE_PAGE));
  }

  it('of a worker are seen', () => checkWorker({ size: PAGES * BASE_PAGE, backing: ['base'] }, BASE_PAGE));

  it('to memory that was not there, and not what was only read', () => {
    using region = allocateSync({ size: PAGES * BASE_PAGE, backing: ['base'], prefault: false });
    using tracker = region.trackWrites();
    expect(region.bytes()[0]).toBe(0);
    expect(taken(tracker, BASE_PAGE)).toEqual([]);
    store(region, 0, BASE_PAGE);
    store(region, 7, BASE_PAGE);
    expect(taken(tracker, BASE_PAGE)).toEqual([
      [0, 1],
      [7, 1],
    ]);
  });

  it('are all told after the region got other addresses', () => {
    using region = allocateSync({ size: PAGES * BASE_PAGE, backing: ['base'] });
    using tracker = region.trackWrites();
    region.move();
    expect(taken(tracker, BASE_PAGE)).toEqual([[0, PAGES]]);
    store(region, 2, BASE_PAGE);
    region.resize(2 * PAGES * BASE_PAGE);
    expect(taken(tracker, BASE_PAGE)).toEqual([[0, 2 * PAGES]]);
    store(region, PAGES + 2, BASE_PAGE);
    expect(taken(tracker, BASE_PAGE)).toEqual([[PAGES + 2, 1]]);
  });

  it('of two regions are told apart, and protection is kept', () => {
    using one = allocateSync({ size: PAGES * BASE_PAGE, backing: ['base'] });
    using two = allocateSync({ size: PAGES * BASE_PAGE, backing: ['base'] });
    using ofOne = one.trackWrites();
    using ofTwo = two.trackWrites();
    one.protect('read', 0, BASE_PAGE);
    one.protect('read-write', 0, BASE_PAGE);
    store(one, 0, BASE_PAGE);
    store(two, 1, BASE_PAGE);
    expect([taken(ofOne, BASE_PAGE), taken(ofTwo, BASE_PAGE)]).toEqual([[[0, 1]], [[1, 1]]]);
  });

  it('are more than the kernel tells at once', () => {
    using region = allocateSync({ size: 4096 * BASE_PAGE, backing: ['base'] });
    using tracker = region.trackWrites();
    for (let page = 0; page < 4096; page += 2) store(region, page, BASE_PAGE);
    expect(taken(tracker, BASE_PAGE)).toEqual(Array.from({ length: 2048 }, (_, i) => [2 * i, 1]));
    expect(taken(tracker, BASE_PAGE)).toEqual([]);
  });

  const THP = requires({ root: true, thp: true });
  THP.describe('on transparent huge pages', () => {
    withThp({ enabled: 'madvise' });
    it('are told by base pages', () => check({ size: 2 * H, backing: ['thp'] }, BASE_PAGE));
  });

  const POOL = { pageSize: H, pages: 2 * PAGES };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);
    for (const source of ['anonymous', 'memfd', 'sysv'] as const) {
      it(`are told by huge pages, ${source}`, () => check({ size: PAGES * H, backing: ['hugetlb'], source }, H));
    }

    it('of a worker are seen', () => checkWorker({ size: PAGES * H, backing: ['hugetlb'] }, H));

    it('to pages that were degraded have everything told', () => {
      using region = allocateSync({ size: PAGES * H, backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' });
      using others = allocateSync({ size: (2 * PAGES - 2) * H, backing: ['hugetlb'] });
      store(region, 0, H);
      store(region, 1, H);
      using tracker = region.trackWrites();
      store(region, 2, H); // there is no page for it
      expect(region.degraded.pages).toBe(1);
      expect(taken(tracker, H)).toEqual([[0, PAGES]]);
      store(region, 0, H);
      region.bytes()[2 * H + BASE_PAGE] = 1;
      expect(tracker.take()).toEqual([
        { offset: 0, length: H },
        { offset: 2 * H + BASE_PAGE, length: BASE_PAGE },
      ]);
      expect(others.disposed).toBe(false);
    });
  });
});

describe('a tracker', () => {
  const options: AllocateSyncOptions = { size: 2 * BASE_PAGE, backing: ['base'] };

  it('is the only one of its region, until it is disposed', () => {
    using region = allocateSync(options);
    const tracker = region.trackWrites();
    expect(errorOf(() => region.trackWrites())).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY', errno: -16 });
    using attached = Region.attach(region.share());
    expect(errorOf(() => attached.trackWrites())).toMatchObject({ code: 'ERR_HUGEPAGES_BUSY' });
    tracker.dispose();
    tracker.dispose();
    expect(tracker.disposed).toBe(true);
    expect(errorOf(() => tracker.take())).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
    using other = attached.trackWrites();
    store(region, 1, BASE_PAGE);
    expect(taken(other, BASE_PAGE)).toEqual([[1, 1]]);
  });

  it('ends with its region', () => {
    const region = allocateSync(options);
    const tracker = region.trackWrites();
    region.dispose();
    expect(tracker.disposed).toBe(true);
    expect(errorOf(() => tracker.take())).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
    tracker.dispose();
    expect(errorOf(() => region.trackWrites())).toMatchObject({ code: 'ERR_HUGEPAGES_DISPOSED' });
  });

  it('is made by a region, and knows its receiver', () => {
    expect(errorOf(() => Reflect.construct(WriteTracker, []) as unknown)).toMatchObject({ code: 'ERR_ILLEGAL_CONSTRUCTOR' });
    for (const receiver of [undefined, null, {}, Object.create(WriteTracker.prototype) as unknown]) {
      for (const member of [WriteTracker.prototype.take, WriteTracker.prototype.dispose, WriteTracker.prototype[Symbol.dispose]]) {
        expect(errorOf(() => member.call(receiver as WriteTracker))).toMatchObject({ code: 'ERR_INVALID_THIS' });
      }
    }
  });

  it('is refused for memory that is read-only', () => {
    const region = allocateBuilt({ ...options, source: 'memfd' });
    const { object, ...token } = region.share();
    expect(object).toBeDefined();
    using attached = Region.attach({ ...token, ...(object !== undefined && { object }) }, { access: 'read' });
    expect(errorOf(() => attached.trackWrites())).toMatchObject({
      code: 'ERR_HUGEPAGES_PERMISSION',
      remedy: expect.stringContaining('read-only') as string,
    });
    region.dispose();
  });
});
