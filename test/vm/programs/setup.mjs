/** setup() by node: applied, at the next boot, and taken back. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setPool, setup } from 'hugepages';
import { MiB, pagesByNode } from './nodes.mjs';

const pageSize = 2 * MiB;
const UNIT = '/etc/systemd/system/hugepages-setup.service';
const plan = (nodes) => ({ pools: [{ pageSize, nodes }] });

await setPool({ pageSize, nodes: { 1: 1, 2: 2 } });

test('each node gets what the plan says of it, and the others keep what they have', async () => {
  await setup(plan({ 0: 3, 1: 5, 3: 2 }));
  assert.deepEqual(pagesByNode(), [3, 5, 2, 2]);
  assert.deepEqual((await setup(plan({ 0: 3, 1: 5, 3: 2 }))).steps, []);
});

test('the unit gives the same to empty nodes', async () => {
  await setPool({ pageSize, pages: 0 });
  // As systemd reads it: without the ends of continued lines, and with two dollars for one.
  const unit = readFileSync(UNIT, 'utf8').replaceAll('\\\n', ' ').replaceAll('$$', '$');
  const [, script] = /^ExecStart=\/bin\/sh -c '([^']+)'$/m.exec(unit);
  execFileSync('sh', ['-c', script]);
  assert.deepEqual(pagesByNode(), [3, 5, 0, 2]);
  await setPool({ pageSize, nodes: { 2: 2 } });
});

test('a node that a new plan does not name goes back to its first count', async () => {
  await setup(plan({ 0: 1, 3: 4 }));
  assert.deepEqual(pagesByNode(), [1, 1, 2, 4]);
});

test('an undo keeps what others added', async () => {
  await setPool({ pageSize, nodes: { 2: 7, 3: 6 } });
  await setup({}, { undo: true });
  assert.deepEqual(pagesByNode(), [0, 1, 7, 2]);
  assert.equal(existsSync(UNIT), false);
});

test('pages of the whole pool are spread, and taken back to the nodes that had them', async () => {
  await setPool({ pageSize, nodes: { 0: 0, 1: 1, 2: 2, 3: 0 } });
  await setup({ pools: [{ pageSize, pages: 11 }] });
  assert.equal(pagesByNode().reduce((sum, pages) => sum + pages), 11);
  await setup({}, { undo: true });
  assert.deepEqual(pagesByNode(), [0, 1, 2, 0]);
});
