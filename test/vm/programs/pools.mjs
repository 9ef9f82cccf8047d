/** Changes of the pools of four nodes, of which the last is small. */
import { strict as assert } from 'node:assert';
import { beforeEach, test } from 'node:test';
import { allocate, growPool, pool, setPool } from 'hugepages';
import { MiB, nodeCapacity, pagesByNode } from './nodes.mjs';

const pageSize = 2 * MiB;
const POOL = '/sys/kernel/mm/hugepages/hugepages-2048kB';
const ofNode = (node) => `/sys/devices/system/node/node${node}/hugepages/hugepages-2048kB/nr_hugepages`;
const SMALL = 3;

beforeEach(async () => {
  await setPool({ pageSize, pages: 0, overcommit: 0 });
  assert.deepEqual(pagesByNode(), [0, 0, 0, 0]);
});

test('nodes get exactly what each is to have, and those not named keep what they have', async () => {
  await setPool({ pageSize, nodes: { 2: 1 } });
  const { before, requested, granted, perNode } = await setPool({ pageSize, nodes: { 0: 3, 1: 5, 3: 2 } });
  assert.deepEqual(pagesByNode(), [3, 5, 1, 2]);
  assert.deepEqual({ before, requested, granted }, { before: 0, requested: 10, granted: 10 });
  assert.deepEqual(perNode, [
    { node: 0, before: 0, requested: 3, granted: 3 },
    { node: 1, before: 0, requested: 5, granted: 5 },
    { node: 2, before: 1, granted: 1 },
    { node: 3, before: 0, requested: 2, granted: 2 },
  ]);
});

test('one call shrinks a node and grows another, and shrinks first', async () => {
  await setPool({ pageSize, nodes: { 1: 5, 3: 2 } });
  const { writes } = await setPool({ pageSize, nodes: { 0: 4, 1: 1 } });
  assert.deepEqual(pagesByNode(), [4, 1, 0, 2]);
  assert.deepEqual(writes, [
    { path: ofNode(1), value: '1' },
    { path: ofNode(0), value: '4' },
  ]);
});

test('pages of the whole pool are spread evenly, and leave evenly', async () => {
  await setPool({ pageSize, pages: 8 });
  assert.deepEqual(pagesByNode(), [2, 2, 2, 2]);
  await setPool({ pageSize, pages: 4 });
  assert.deepEqual(pagesByNode(), [1, 1, 1, 1]);
});

test('interleave and bind take pages from their nodes, and give them back to no others', async () => {
  const interleaved = { mode: 'interleave', nodes: [1, 3] };
  const { writes, perNode } = await setPool({ pageSize, pages: 8, policy: interleaved });
  assert.deepEqual(pagesByNode(), [0, 4, 0, 4]);
  assert.deepEqual(writes, [{ path: `${POOL}/nr_hugepages_mempolicy`, value: '8', policy: interleaved }]);
  assert.deepEqual(perNode.map(({ granted }) => granted), [0, 4, 0, 4]);
  await setPool({ pageSize, pages: 11, policy: { mode: 'bind', nodes: [2] } });
  assert.deepEqual(pagesByNode(), [0, 4, 3, 4]);
  await setPool({ pageSize, pages: 9, policy: { mode: 'bind', nodes: [1] } });
  assert.deepEqual(pagesByNode(), [0, 2, 3, 4]);
  await setPool({ pageSize, pages: 10, policy: { mode: 'preferred', nodes: [0] } });
  assert.deepEqual(pagesByNode(), [1, 2, 3, 4]);
});

test('a node that is too small grants less', async () => {
  const pages = nodeCapacity(SMALL);
  const { requested, granted, perNode, rolledBack } = await setPool({ pageSize, nodes: { 1: 2, [SMALL]: pages } });
  assert.ok(granted < requested && granted > 2, `${granted} of ${requested}`);
  assert.deepEqual(perNode[SMALL], { node: SMALL, before: 0, requested: pages, granted: granted - 2 });
  assert.deepEqual(pagesByNode(), [0, 2, 0, granted - 2]);
  assert.equal(rolledBack, false);
});

test('rollback takes back from each node what it got', async () => {
  await setPool({ pageSize, nodes: { 0: 1, 1: 4 } });
  const short = { nodes: { 1: 2, 2: 3, [SMALL]: nodeCapacity(SMALL) } };
  for (const change of [short, { pages: 5 + 2 * nodeCapacity(SMALL), policy: { mode: 'bind', nodes: [SMALL] } }]) {
    const { granted, before, rolledBack, grantedBeforeRollback } = await setPool({ pageSize, ...change, rollback: true });
    assert.equal(rolledBack, true);
    assert.equal(granted, before);
    assert.ok(grantedBeforeRollback > granted);
    assert.deepEqual(pagesByNode(), [1, 4, 0, 0]);
  }
});

test('growPool() adds what a node, or the nodes of a policy, lack', async () => {
  await setPool({ pageSize, nodes: { 0: 3, 1: 1 } });
  await growPool({ pageSize, freePages: 3, node: 1 });
  assert.deepEqual(pagesByNode(), [3, 3, 0, 0]);
  await growPool({ pageSize, freePages: 10, policy: { mode: 'interleave', nodes: [2, 3] } });
  assert.deepEqual(pagesByNode(), [3, 3, 2, 2]);
  await growPool({ pageSize, freePages: 2, node: 2 });
  assert.deepEqual(pagesByNode(), [3, 3, 2, 2]);
});

test('more than the memory of a node, and a node that is not there, are refused', async () => {
  const code = (change) => setPool({ pageSize, ...change }).then(() => undefined, (error) => error.code);
  assert.equal(await code({ nodes: { 0: 1, [SMALL]: nodeCapacity(SMALL) + 1 } }), 'ERR_HUGEPAGES_NO_MEMORY');
  assert.equal(await code({ nodes: { 0: 1, 4: 1 } }), 'ERR_OUT_OF_RANGE');
  assert.equal(await code({ pages: 1, policy: { mode: 'bind', nodes: [0, 4] } }), 'ERR_OUT_OF_RANGE');
  assert.deepEqual(pagesByNode(), [0, 0, 0, 0]);
});

test('pages in use stay with their node, and become its surplus when that is allowed', async () => {
  await setPool({ pageSize, nodes: { 0: 2, 1: 3 } });
  const region = await allocate({ size: 2 * pageSize, backing: ['hugetlb'], pageSize, numa: { mode: 'bind', nodes: [1] } });
  const shrink = { pageSize, nodes: { 1: 1 } };
  await assert.rejects(setPool(shrink), { code: 'ERR_HUGEPAGES_BUSY', details: { pageSize, pages: 1, inUse: 2 } });
  assert.deepEqual(pagesByNode(), [2, 3, 0, 0]);
  const { granted } = await setPool({ ...shrink, allowSurplus: true });
  assert.equal(granted, 1);
  assert.deepEqual(pool(pageSize).perNode[1], { node: 1, total: 2, free: 0, surplus: 1 });
  region.dispose();
  assert.deepEqual(pagesByNode(), [2, 1, 0, 0]);
});
