/** Page maps, by kernel: PAGEMAP_SCAN is there since Linux 6.7. */
import { strict as assert } from 'node:assert';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { allocateSync, pagemap, setPool } from 'hugepages';
import { MiB } from './nodes.mjs';
import { since } from './release.mjs';

const BASE = 4096;
const H = 2 * MiB;
const onNode = (node) => ({ mode: 'bind', nodes: [node] });

function rangeOf({ address, byteLength }) {
  return { start: address, end: address + BigInt(byteLength) };
}

/** What the kernel says of each page of `unit` bytes by its first base page, as the library does. */
function entriesOf({ address, byteLength }, unit) {
  const file = openSync('/proc/self/pagemap', 'r');
  const entries = new BigUint64Array(byteLength / BASE);
  readSync(file, entries, 0, entries.byteLength, (address / BigInt(BASE)) * 8n);
  closeSync(file);
  return Array.from({ length: byteLength / unit }, (_, page) => {
    const entry = entries[(page * unit) / BASE];
    const bit = (number) => ((entry >> BigInt(number)) & 1n) === 1n;
    const present = bit(63);
    const state = { present, swapped: bit(62), softDirty: bit(55), file: bit(61), exclusive: bit(56) };
    return { ...state, pfn: present ? entry & (2n ** 55n - 1n) : undefined };
  });
}

/** The runs by pages of `unit` bytes. */
function pagesOf(runs, unit) {
  return runs.flatMap(({ length, present, swapped, softDirty, file, exclusive, pfn }) =>
    Array.from({ length: length / unit }, (_, page) => {
      const state = { present, swapped, softDirty, file, exclusive };
      return { ...state, pfn: pfn === undefined ? undefined : pfn + BigInt((page * unit) / BASE) };
    }),
  );
}

/** The map and the residency of a region, which agree with the kernel's entries, as `first+count pageSize node`, by pages of `unit`. */
async function scene(region, unit) {
  const map = await pagemap(process.pid, rangeOf(region));
  assert.deepEqual(pagesOf(map.runs, unit), entriesOf(region, unit));
  assert.deepEqual({ frames: map.frames, transparent: map.transparent }, { frames: true, transparent: since(6, 7) });
  const { runs, ...sums } = region.residency();
  const placed = runs.map(({ offset, ...run }) => {
    const start = region.address + BigInt(offset);
    return { start, end: start + BigInt(run.length), ...run };
  });
  assert.deepEqual(placed, map.runs);
  assert.deepEqual(sums, { presentBytes: map.presentBytes, absentBytes: map.absentBytes, frames: true });
  const merged = [];
  for (const { offset, length, pageSize, node } of runs) {
    const last = merged.at(-1);
    if (last?.pageSize === pageSize && last.node === node) last.length += length;
    else merged.push({ offset, length, pageSize, node });
  }
  return merged.map(({ offset, length, pageSize, node }) => `${offset / unit}+${length / unit} ${pageSize / 1024} ${node ?? '-'}`);
}

test('there are pages on two nodes', () => setPool({ pageSize: H, nodes: { 0: 8, 1: 8 } }));

for (const [source, shared] of [['anonymous', false], ['anonymous', true], ['memfd', true], ['sysv', true]]) {
  for (const node of [0, 1]) {
    test(`hugetlb pages, ${source}${shared ? ', shared' : ''}, on node ${node}`, async () => {
      const numa = onNode(node);
      const region = allocateSync({ size: 4 * H, pageSize: H, backing: ['hugetlb'], source, shared, numa, prefault: false });
      assert.deepEqual(await scene(region, H), ['0+4 2048 -']);
      for (const page of [1, 2]) region.bytes(page * H, 1)[0] = 1;
      assert.deepEqual(await scene(region, H), ['0+1 2048 -', `1+2 2048 ${node}`, '3+1 2048 -']);
      region.dispose();
    });
  }
}

test('hugetlb pages of both nodes in turn', async () => {
  const region = allocateSync({ size: 6 * H, backing: ['hugetlb'], numa: { mode: 'interleave', nodes: [0, 1] } });
  const nodes = (await scene(region, H)).map((run) => run.at(-1));
  assert.deepEqual(nodes, nodes[0] === '0' ? ['0', '1', '0', '1', '0', '1'] : ['1', '0', '1', '0', '1', '0']);
  region.dispose();
});

test('base pages with holes, in which some were only read, and a part that is not to be touched', async () => {
  const region = allocateSync({ size: 64 * BASE, backing: ['base'], prefault: false, numa: onNode(1) });
  for (const page of [0, 5, 6, 63]) region.bytes(page * BASE, 1)[0] = 1;
  assert.equal(region.bytes(8 * BASE, 1)[0], 0);
  region.protect('none', 4 * BASE, 2 * BASE);
  // The page of zeros is on no node, and around Linux 6.1 move_pages(2) tells none of what may not be touched.
  const untold = since(6, 0) && !since(6, 6);
  const protectedPage = untold ? ['1+5 4 -', '6+1 4 1'] : ['1+4 4 -', '5+2 4 1'];
  assert.deepEqual(await scene(region, BASE), ['0+1 4 1', ...protectedPage, '7+56 4 -', '63+1 4 1']);
  assert.equal(region.residency(8 * BASE, BASE).presentBytes, BASE);
  region.dispose();
});

test('transparent huge pages, one of which was split', async () => {
  writeFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'madvise');
  const region = allocateSync({ size: 3 * H, backing: ['thp'], numa: onNode(1) });
  // Linux 6.12 makes holes of the zeros in a page that was split.
  region.bytes().fill(1);
  region.discard(H, BASE);
  const runs = await scene(region, BASE);
  const told = ['0+512 2048 1', '512+1 4 -', '513+511 4 1', '1024+512 2048 1'];
  assert.deepEqual(runs, since(6, 7) ? told : ['0+512 4 1', '512+1 4 -', '513+1023 4 1']);
  region.dispose();
});

test('pages that were written since clear_refs, where the kernel notes it', async () => {
  const region = allocateSync({ size: 4 * BASE, backing: ['base'] });
  const { softDirty } = await pagemap(process.pid, rangeOf(region));
  assert.equal(softDirty, / sd /.test(readFileSync('/proc/self/smaps', 'utf8')));
  writeFileSync('/proc/self/clear_refs', '4');
  region.bytes(2 * BASE, 1)[0] = 1;
  await scene(region, BASE);
  assert.deepEqual(pagesOf(region.residency().runs, BASE).map((page) => page.softDirty), [false, false, softDirty, false]);
  region.dispose();
});

test('the map of this whole process', async () => {
  const { runs, presentBytes } = await pagemap(process.pid, undefined, { frames: false });
  assert.ok(presentBytes > 2 ** 24);
  for (const [i, { start }] of runs.entries()) assert.ok(i === 0 || start >= runs[i - 1].end);
});

test('writes are tracked since Linux 6.7', () => {
  for (const [backing, pageSize] of [['base', BASE], ['hugetlb', H]]) {
    const region = allocateSync({ size: 4 * pageSize, pageSize: H, backing: [backing] });
    if (since(6, 7)) {
      const tracker = region.trackWrites();
      region.bytes(pageSize, 1)[0] = 1;
      assert.deepEqual(tracker.take(), [{ offset: pageSize, length: pageSize }]);
      assert.deepEqual(tracker.take(), []);
    } else {
      assert.throws(() => region.trackWrites(), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
    }
    region.dispose();
  }
});
