/** What can be resized, moved and sealed, by kernel, and what the pool has afterwards. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { allocateSync, pool, setPool } from 'hugepages';
import { since } from './release.mjs';

const pageSize = 2 ** 21;

await setPool({ pageSize, pages: 8 });

/** @returns `total/free/reserved/surplus` */
function row() {
  const { total, free, reserved, surplus } = pool(pageSize);
  return [total, free, reserved, surplus].join('/');
}

function marked(options) {
  const region = allocateSync({ size: 4 * pageSize, backing: ['hugetlb'], ...options });
  const bytes = region.bytes();
  for (let at = 0; at < bytes.length; at += region.pageSize) bytes[at] = 1 + at / region.pageSize;
  return region;
}

function marks(region) {
  return Array.from({ length: region.byteLength / region.pageSize }, (_, page) => region.bytes()[page * region.pageSize]);
}

test('a memfd grows and shrinks', () => {
  const region = marked({ source: 'memfd' });
  region.resize(6 * pageSize);
  assert.deepEqual(marks(region), [1, 2, 3, 4, 0, 0]);
  region.resize(2 * pageSize);
  assert.deepEqual(marks(region), [1, 2]);
  assert.equal(row(), '8/6/0/0');
  assert.throws(() => region.resize(9 * pageSize), { code: 'ERR_HUGEPAGES_NO_MEMORY' });
  assert.equal(row(), '8/6/0/0');
  region.dispose();
  assert.equal(row(), '8/8/0/0');
});

test('private memory of base pages grows and shrinks', () => {
  const region = allocateSync({ size: 8 * 4096, backing: ['base'] });
  region.bytes().fill(7);
  region.resize(16 * 4096);
  assert.equal(region.bytes().indexOf(0), 8 * 4096);
  region.resize(4 * 4096);
  assert.ok(region.bytes().every((byte) => byte === 7));
  region.dispose();
});

// The kernel forgot what is reserved for the rest of a mapping that is moved in part: it has to be whole.
for (const prefault of [true, false]) {
  test(`private hugetlb shrinks since Linux 5.16, and leaves nothing reserved${prefault ? '' : ', untouched'}`, () => {
    const region = prefault ? marked({}) : allocateSync({ size: 4 * pageSize, backing: ['hugetlb'], prefault });
    if (since(5, 16)) {
      region.resize(2 * pageSize);
      assert.equal(row(), prefault ? '8/6/0/0' : '8/8/2/0');
      if (prefault) assert.deepEqual(marks(region), [1, 2]);
    } else {
      assert.throws(() => region.resize(2 * pageSize), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
      assert.equal(row(), prefault ? '8/4/0/0' : '8/8/4/0');
    }
    assert.throws(() => region.resize(8 * pageSize), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
    region.dispose();
    assert.equal(row(), '8/8/0/0');
  });
}

for (const options of [{}, { source: 'memfd' }, { source: 'sysv' }]) {
  test(`pages move: ${JSON.stringify(options)}`, () => {
    const region = marked(options);
    const { address } = region;
    const frames = () => region.residency().runs.map(({ pfn }) => pfn);
    const before = frames();
    if (options.source !== undefined || since(5, 16)) {
      region.move();
      assert.notEqual(region.address, address);
    } else {
      assert.throws(() => region.move(), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
      assert.equal(region.address, address);
    }
    assert.deepEqual(marks(region), [1, 2, 3, 4]);
    assert.deepEqual(frames(), before);
    assert.equal(row(), '8/4/0/0');
    region.dispose();
    assert.equal(row(), '8/8/0/0');
  });
}

test('a memfd is sealed', () => {
  const region = marked({ source: 'memfd', seals: ['shrink'] });
  assert.throws(() => region.resize(pageSize), { code: 'ERR_HUGEPAGES_SEALED' });
  region.seal('grow', 'future-write');
  assert.deepEqual(
    region.seals.filter((seal) => seal !== 'exec'),
    ['shrink', 'grow', 'future-write'],
  );
  assert.throws(() => region.resize(8 * pageSize), { code: 'ERR_HUGEPAGES_SEALED' });
  assert.throws(() => region.discard(0, pageSize), { code: 'ERR_HUGEPAGES_SEALED' });
  assert.deepEqual(marks(region), [1, 2, 3, 4]);
  region.dispose();
  assert.equal(row(), '8/8/0/0');
});
