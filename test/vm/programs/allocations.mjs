/** Allocations on nodes with pages and on nodes without: what explain() says is what comes of them. */
import { strict as assert } from 'node:assert';
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { allocate, doctor, explain, pool, setPool } from 'hugepages';
import { MiB, pagesByNode } from './nodes.mjs';

const pageSize = 2 * MiB;
const CGROUPS = '/sys/fs/cgroup';

// The process that the random states of this machine are tried in.
const child = fork(fileURLToPath(new URL('../../fuzz/children/explain.mjs', import.meta.url)));
await once(child, 'message');
after(() => child.disconnect());

async function ask(options) {
  child.send({ command: 'ask', value: { options, sync: false } });
  const [{ result, error }] = await once(child, 'message');
  assert.equal(error, undefined);
  return result;
}

function* questions() {
  for (const [mode, ...nodes] of [['bind', 0], ['bind', 1], ['bind', 1, 3], ['preferred', 1], ['interleave', 0, 1]]) {
    for (const pages of [1, 6]) {
      for (const rest of [{}, { reserve: false }, { prefault: false }]) {
        yield { size: pages * pageSize, pageSize, backing: ['hugetlb'], numa: { mode, nodes }, ...rest };
      }
    }
  }
}

/** @returns how many of the questions were answered with yes */
async function agree() {
  let possible = 0;
  for (const options of questions()) {
    const { said, done } = await ask(options);
    assert.deepEqual(done, said, JSON.stringify(options));
    if (done.possible) possible++;
  }
  return possible;
}

test('pages on two of four nodes', async () => {
  await setPool({ pageSize, nodes: { 0: 4, 1: 0, 2: 2, 3: 0 } });
  const before = pagesByNode();
  const possible = await agree();
  assert.ok(possible > 5 && possible < 25, String(possible));
  assert.deepEqual(pagesByNode(), before);
});

test('pages on two of four nodes, and surplus where it is wanted', async () => {
  await setPool({ pageSize, nodes: { 0: 4, 1: 0, 2: 2, 3: 0 }, overcommit: 3 });
  await agree();
  await setPool({ pageSize, overcommit: 0 });
  assert.deepEqual(pagesByNode(), [4, 0, 2, 0]);
});

test('a cpuset that leaves two of four nodes', async () => {
  writeFileSync(`${CGROUPS}/cgroup.subtree_control`, '+cpuset');
  mkdirSync(`${CGROUPS}/two`);
  writeFileSync(`${CGROUPS}/two/cgroup.procs`, String(child.pid));
  for (const mems of ['0-1', '1,3']) {
    writeFileSync(`${CGROUPS}/two/cpuset.mems`, mems);
    await agree();
  }
  writeFileSync(`${CGROUPS}/cgroup.procs`, String(child.pid));
  rmdirSync(`${CGROUPS}/two`);
});

test('the pages of a region are where its policy says', async () => {
  await setPool({ pageSize, nodes: { 0: 4, 1: 2, 2: 2, 3: 0 } });
  const taken = async (numa, pages) => {
    const region = await allocate({ size: pages * pageSize, pageSize, backing: ['hugetlb'], numa });
    const used = pool(pageSize).perNode.map(({ total, free }) => total - free);
    region.dispose();
    return used;
  };
  assert.deepEqual(await taken({ mode: 'bind', nodes: [1] }, 2), [0, 2, 0, 0]);
  assert.deepEqual(await taken({ mode: 'bind', nodes: [1, 2] }, 4), [0, 2, 2, 0]);
  assert.deepEqual(await taken({ mode: 'interleave', nodes: [0, 1] }, 4), [2, 2, 0, 0]);
  assert.deepEqual(await taken({ mode: 'preferred', nodes: [2] }, 2), [0, 0, 2, 0]);
});

test('the command of explain() makes an allocation on a node without pages possible', async () => {
  await setPool({ pageSize, nodes: { 0: 4, 1: 0, 2: 2, 3: 0 } });
  const options = { size: 3 * pageSize, pageSize, backing: ['hugetlb'], numa: { mode: 'bind', nodes: [1] } };
  const [{ reasons }] = explain(options).candidates;
  assert.deepEqual(reasons.map(({ code }) => code), ['pool-nodes']);
  await assert.rejects(allocate(options), { code: 'ERR_HUGEPAGES_POPULATE' });
  execFileSync('sh', ['-c', reasons[0].remedy.command]);
  assert.deepEqual(pagesByNode(), [4, 3, 2, 0]);
  assert.equal(explain(options).possible, true);
  (await allocate(options)).dispose();
});

test('doctor() names the nodes without pages, and its command gives them some', async () => {
  await setPool({ pageSize, nodes: { 0: 4, 1: 0, 2: 2, 3: 0 } });
  const finding = () => doctor().find(({ id }) => id === 'numa:2MiB');
  const { level, title, remedy } = finding();
  assert.deepEqual({ level, title }, { level: 'advice', title: 'Node 1, 3 has no 2MiB pages' });
  execFileSync('sh', ['-c', remedy.command]);
  assert.deepEqual(pagesByNode(), [4, 2, 2, 2]);
  const { level: after, detail } = finding();
  assert.deepEqual({ after, detail }, { after: 'ok', detail: 'By node: 4, 2, 2, 2.' });
});
