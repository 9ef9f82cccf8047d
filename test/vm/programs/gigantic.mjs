/** Pages of 1 GiB by node: the first node is too small for one, the second was given one by the kernel's command line. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allocate, demote, explain, growPool, pagemap, pool, setPool } from 'hugepages';
import { GiB, MiB, pagesByNode } from './nodes.mjs';

const pageSize = GiB;
const onNode = (node) => ({ size: GiB, pageSize, backing: ['hugetlb'], numa: { mode: 'bind', nodes: [node] } });

test('the kernel took what setup() says for its command line', () => {
  assert.match(readFileSync('/proc/cmdline', 'utf8'), /hugepagesz=1G hugepages=1:1/);
  assert.deepEqual(pagesByNode(pageSize), [0, 1]);
});

test('a node gives its page back and finds it again', async () => {
  await setPool({ pageSize, nodes: { 1: 0 } });
  assert.deepEqual(pagesByNode(pageSize), [0, 0]);
  const { granted } = await growPool({ pageSize, freePages: 1, node: 1 });
  assert.equal(granted, 1);
  assert.deepEqual(pagesByNode(pageSize), [0, 1]);
});

test('more than there is room for is refused, or rolled back', async () => {
  await assert.rejects(setPool({ pageSize, nodes: { 0: 1, 1: 1 } }), { code: 'ERR_HUGEPAGES_NO_MEMORY' });
  const { rolledBack, granted } = await setPool({ pageSize, pages: 3, rollback: true });
  assert.deepEqual({ rolledBack, granted }, { rolledBack: true, granted: 1 });
  assert.deepEqual(pagesByNode(pageSize), [0, 1]);
});

test('an allocation finds a page on the node that has some, and explain() says so', async () => {
  assert.equal(explain(onNode(0)).possible, false);
  await assert.rejects(allocate(onNode(0)), { code: 'ERR_HUGEPAGES_POPULATE' });
  assert.equal(explain(onNode(1)).possible, true);
  const region = await allocate({ ...onNode(1), prefault: false });
  assert.equal(pool(pageSize).reserved, 1);
  region.dispose();
});

test('it is one page of that node, also to those who ask for a part of it', async () => {
  const region = await allocate(onNode(1));
  const { address } = region;
  const end = address + BigInt(GiB);
  const [{ pfn, ...page }, ...others] = (await pagemap(process.pid, { start: address, end })).runs;
  assert.deepEqual(others, []);
  assert.equal(pfn % BigInt(GiB / 4096), 0n);
  const state = { present: true, swapped: false, softDirty: page.softDirty, file: false, exclusive: true };
  assert.deepEqual(page, { start: address, end, length: GiB, pageSize, ...state, node: 1 });
  const offset = GiB - 3 * MiB;
  const [part] = region.residency(offset, 8192).runs;
  assert.deepEqual(part, { offset, length: 8192, pageSize, ...state, node: 1, pfn: pfn + BigInt(offset / 4096) });
  region.dispose();
});

test('a page is split on its node, and on no other', async () => {
  const split = async (node) => {
    const { requested, demoted, gained } = await demote({ pageSize, pages: 1, node });
    return { requested, demoted, gained, gigantic: pagesByNode(pageSize), huge: pagesByNode(2 * MiB) };
  };
  assert.deepEqual(await split(0), { requested: 1, demoted: 0, gained: 0, gigantic: [0, 1], huge: [0, 0] });
  assert.deepEqual(await split(1), { requested: 1, demoted: 1, gained: 512, gigantic: [0, 0], huge: [0, 512] });
  await setPool({ pageSize: 2 * MiB, pages: 0 });
});

test('overcommit is refused', async () => {
  await assert.rejects(setPool({ pageSize, overcommit: 1 }), { code: 'ERR_HUGEPAGES_UNSUPPORTED' });
});
