/** The ledger, by kernel: private and shared memory of every source, and what nobody holds. */
import { strict as assert } from 'node:assert';
import { execSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { allocateSync, leaks, ledger, mount, pool, setPool } from 'hugepages';

const pageSize = 2 ** 21;
const path = '/mnt/huge';

await setPool({ pageSize, pages: 32 });
mkdirSync(path, { recursive: true });
await mount({ path, pageSize });

/** Reserves `pages`, and touches some. */
function allocated(pages, touched, options) {
  const region = allocateSync({ size: pages * pageSize, backing: ['hugetlb'], prefault: false, ...options });
  for (let page = 0; page < touched; page++) region.bytes(page * pageSize, 1)[0] = 1;
  return region;
}

/** The rows as `memfd 1+2 mapped-open`, which add up to the counters. */
async function rows() {
  const { pools, consistent } = await ledger({ pageSize });
  const [{ rows: found, residue, used, reserved }] = pools;
  const { total, free, reserved: counted } = pool(pageSize);
  assert.deepEqual({ used, reserved }, { used: total - free, reserved: counted });
  assert.deepEqual({ residue, consistent }, { residue: { used: 0, reserved: 0 }, consistent: true });
  return found.map((row) => [`${row.kind} ${row.used}+${row.reserved}`, ...row.holders.map(({ uses }) => uses.join('-'))].join(' ')).sort();
}

const cases = [
  [{}, 'private 2+3 mapped'],
  [{ reserve: false }, 'private 2+0 mapped'],
  [{ shared: true }, 'anonymous 2+3 mapped'],
  [{ source: 'memfd' }, 'memfd 2+3 mapped-open'],
  [{ source: 'sysv' }, 'sysv 2+3 mapped'],
];

for (const [options, row] of cases) {
  test(`${JSON.stringify(options)}: ${row}`, async () => {
    const region = allocated(5, 2, options);
    assert.deepEqual(await rows(), [row]);
    region.dispose();
    assert.deepEqual(await rows(), []);
  });
}

test('all of them at once', async () => {
  const regions = cases.map(([options]) => allocated(5, 2, options));
  const shared = cases.map(([, row]) => row).filter((row) => !row.startsWith('private'));
  assert.deepEqual(await rows(), [...shared, 'private 4+3 mapped'].sort());
  for (const region of regions) region.dispose();
});

test('files and segments that nobody holds', async () => {
  allocated(3, 1, { source: 'file', path: `${path}/left`, persistent: true }).dispose();
  allocated(3, 2, { source: 'sysv', key: 0x4711, persistent: true }).dispose();
  assert.deepEqual(await rows(), ['file 1+2', 'sysv 2+1']);
  const found = (await leaks({ pageSize })).leaks;
  assert.deepEqual(found.map(({ kind }) => kind).sort(), ['file', 'segment']);
  for (const { command } of found) execSync(command);
  assert.deepEqual(await rows(), []);
});

test('pages that are given back', async () => {
  const region = allocated(5, 3, {});
  try {
    region.discard(0, 2 * pageSize);
  } catch (error) {
    assert.equal(error.code, 'ERR_HUGEPAGES_UNSUPPORTED'); // before Linux 5.18
  }
  const { total, free, reserved } = pool(pageSize);
  assert.deepEqual(await rows(), [`private ${total - free}+${reserved} mapped`]);
  region.dispose();
});
