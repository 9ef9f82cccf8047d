/** Changes of several nodes that are killed while one of them is under way. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pool, restore, setPool } from 'hugepages';
import { MiB, pagesByNode } from './nodes.mjs';

const pageSize = 2 * MiB;
const BEFORE = { 0: 2, 1: 1, 2: 0, 3: 3 };
const CHILD = fileURLToPath(new URL('children/set-pool.mjs', import.meta.url));

/** Kills the change as soon as this is true of the pages of each node. Nothing may be awaited: a growth takes milliseconds. */
async function killWhen(change, reached) {
  const child = spawn(process.execPath, [CHILD, JSON.stringify({ pageSize, ...change })], { stdio: 'inherit' });
  const exit = once(child, 'exit');
  while (!reached(pool(pageSize).perNode.map(({ total }) => total)));
  child.kill('SIGKILL');
  const [, signal] = await exit;
  assert.equal(signal, 'SIGKILL');
  assert.ok(existsSync('/run/hugepages'), 'it was done before the signal came');
}

beforeEach(async () => {
  await setPool({ pageSize, nodes: BEFORE });
});

test('a change of three nodes that was killed at the second is taken back by restore() from each', async () => {
  await killWhen({ nodes: { 0: 1, 1: 250, 2: 250 } }, (pages) => pages[1] > 10);
  // Somebody else's, on a node that was none of the change's.
  writeFileSync('/sys/devices/system/node/node3/hugepages/hugepages-2048kB/nr_hugepages', '5');
  const [{ purpose, owner, undone }] = restore();
  assert.deepEqual({ purpose, owner }, { purpose: 'setPool', owner: 'gone' });
  // The last node may have been noted, and not begun.
  assert.deepEqual(undone.filter(({ outcome }) => outcome !== 'undone' && outcome !== 'unchanged'), []);
  assert.deepEqual(pagesByNode(), [2, 1, 0, 5]);
  assert.deepEqual(restore(), []);
});

test('a growth that was spread over nodes by a policy', async () => {
  await killWhen({ pages: 500, policy: { mode: 'interleave', nodes: [1, 2] } }, (pages) => pages[2] > 10);
  restore();
  assert.deepEqual(pagesByNode(), [2, 1, 0, 3]);
});

test('a growth that the kernel spread', async () => {
  await killWhen({ pages: 300 }, (pages) => pages[2] > 10);
  restore();
  assert.deepEqual(pagesByNode(), [2, 1, 0, 3]);
});

test('the same change again reaches what was wanted, and leaves nothing to restore', async () => {
  const change = { nodes: { 0: 250, 1: 250, 2: 250 } };
  await killWhen(change, (pages) => pages[1] > 10);
  await setPool({ pageSize, ...change });
  assert.deepEqual(pagesByNode(), [250, 250, 250, 3]);
  assert.deepEqual(restore(), []);
});
