/** What becomes of the reservation of discarded pages, by kernel. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { allocateSync, pool, setPool } from 'hugepages';
import { since } from './release.mjs';

const pageSize = 2 ** 21;
const OUTSIDER = { size: pageSize, backing: ['hugetlb'] };

await setPool({ pageSize, pages: 4 });

/** @returns `total/free/reserved/surplus` */
function row() {
  const { total, free, reserved, surplus } = pool(pageSize);
  return [total, free, reserved, surplus].join('/');
}

function filled(options) {
  const region = allocateSync({ size: 4 * pageSize, backing: ['hugetlb'], ...options });
  region.bytes().fill(0x5a);
  return region;
}

for (const options of [{ source: 'memfd' }, { source: 'sysv' }, { shared: true }]) {
  test(`shared memory loses it: ${JSON.stringify(options)}`, () => {
    const region = filled(options);
    assert.deepEqual(region.discard(0, 2 * pageSize), {
      ...{ offset: 0, length: 2 * pageSize, freedBytes: 2 * pageSize, freedPages: 2 },
      reservation: 'lost',
    });
    assert.equal(row(), '4/2/0/0');
    assert.deepEqual(region.holes(), [{ offset: 0, length: 2 * pageSize }]);
    assert.equal(region.refillSync(0, pageSize, { threads: 1 }).populatedBytes, pageSize);
    assert.deepEqual(region.holes(), [{ offset: pageSize, length: pageSize }]);
    region.dispose();
    assert.equal(row(), '4/4/0/0');
  });
}

test('reserve() takes it back', () => {
  const region = filled({ source: 'memfd' });
  region.discard(0, 2 * pageSize);
  region.reserve();
  assert.equal(row(), '4/2/2/0');
  assert.throws(() => allocateSync(OUTSIDER), { code: 'ERR_HUGEPAGES_NO_MEMORY' });
  assert.deepEqual(region.discard(2 * pageSize, pageSize, { keepReservation: true }).reservation, 'kept');
  assert.equal(row(), '4/3/3/0');
  region.bytes().fill(1);
  region.dispose();
  assert.equal(row(), '4/4/0/0');
});

test('private memory keeps it since Linux 6.9, and gives nothing back before 5.18', () => {
  const region = filled({});
  const discard = (options) => region.discard(0, pageSize, options);
  if (!since(5, 18)) {
    assert.throws(() => discard(), { code: 'ERR_HUGEPAGES_UNSUPPORTED', errno: -22 });
    assert.equal(row(), '4/0/0/0');
    assert.ok(region.bytes().every((byte) => byte === 0x5a));
  } else if (!since(6, 9)) {
    assert.throws(() => discard({ keepReservation: true }), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
    assert.equal(row(), '4/0/0/0');
    assert.equal(discard().reservation, 'lost');
    assert.equal(row(), '4/1/0/0');
    assert.deepEqual(region.holes(), [{ offset: 0, length: pageSize }]);
    const outsider = allocateSync(OUTSIDER);
    assert.throws(() => region.refillSync(0, pageSize, { threads: 1 }), { code: 'ERR_HUGEPAGES_POPULATE' });
    outsider.dispose();
    assert.throws(() => region.reserve(), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
    region.refillSync(0, pageSize, { threads: 1 });
    assert.deepEqual(region.holes(), []);
  } else {
    assert.equal(discard({ keepReservation: true }).reservation, 'kept');
    assert.equal(row(), '4/1/1/0');
    assert.throws(() => allocateSync(OUTSIDER), { code: 'ERR_HUGEPAGES_NO_MEMORY' });
    assert.deepEqual(region.holes(), []);
    region.bytes().fill(1);
  }
  region.dispose();
  assert.equal(row(), '4/4/0/0');
});

test('other memory is discarded on every kernel', () => {
  for (const options of [{}, { shared: true }, { source: 'memfd' }]) {
    const region = allocateSync({ size: 16 * 4096, backing: ['base'], ...options });
    region.bytes().fill(0x5a);
    assert.deepEqual(region.discard(4096, 8192), { offset: 4096, length: 8192, freedBytes: 8192, freedPages: 2, reservation: 'none' });
    assert.equal(region.residency().presentBytes, 14 * 4096);
    region.lock(12 * 4096, 4096);
    if (options.source === undefined) assert.throws(() => region.discard(0, 16 * 4096), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
    assert.equal(region.residency().presentBytes, 14 * 4096);
    region.dispose();
  }
});
