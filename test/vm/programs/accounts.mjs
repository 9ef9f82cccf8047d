/** Processes and address spaces, by kernel: older ones tell less of each mapping. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { addressSpace, allocateSync, pagemap, processAccount, processes } from 'hugepages';
import { MiB } from './nodes.mjs';

const H = 2 * MiB;
const OF_NODE_1 = { pageSize: H, privateBytes: H, sharedBytes: 0, nodes: [{ node: 1, bytes: H }] };

const NOBODY = { uid: 65534, gid: 65534 };

/** A process of another user, with a page on node 1. */
let child;
after(() => child?.kill());

test('an ordinary user sees no frames, and nothing of others', async () => {
  const path = fileURLToPath(new URL('children/inspected.mjs', import.meta.url));
  child = spawn(process.execPath, [path], { ...NOBODY, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const { region, map, ...told } = JSON.parse(line);
  const { softDirty } = await pagemap(process.pid, { start: 0n, end: 0n });
  assert.deepEqual(map, { frames: false, softDirty, framesShown: 0 });
  assert.equal(region.frames, false);
  assert.deepEqual(told, { hugetlb: [OF_NODE_1], huge: 1, refusals: Array(3).fill('ERR_HUGEPAGES_PERMISSION') });
  // What root sees of it.
  const start = BigInt(region.start);
  const { runs, frames } = await pagemap(child.pid, { start, end: start + BigInt(2 * H) });
  assert.equal(frames, true);
  assert.deepEqual(runs.map(({ start: first, length, present, node }) => [Number(first - start), length, present, node]), [
    [0, H, false, undefined],
    [H, H, true, 1],
  ]);
  assert.equal(runs[1].pfn > 0n, true);
});

test('another process is in the list, with its pages', async () => {
  const found = [];
  for await (const entry of processes()) found.push(entry);
  const entry = found.find(({ pid }) => pid === child.pid);
  const { state, hugetlb, anonHugePages, shmemPmdMapped, filePmdMapped } = entry;
  assert.deepEqual({ state, hugetlb: hugetlb.map(({ privateBytes }) => privateBytes) }, { state: 'read', hugetlb: [H] });
  for (const bytes of [anonHugePages, shmemPmdMapped, filePmdMapped]) assert.ok(Number.isSafeInteger(bytes));
  assert.deepEqual((await processAccount(child.pid)).hugetlb, [OF_NODE_1]);
});

test('an address space has what the kernel tells of mappings', async () => {
  const region = allocateSync({ size: 2 * H, pageSize: H, backing: ['hugetlb'] });
  const { totals, mappings } = await addressSpace(process.pid);
  const names = new Set(Array.from(readFileSync('/proc/self/smaps', 'utf8').matchAll(/^(\w+): +\d+ kB$/gm), ([, name]) => name));
  for (const pageSize of ['KernelPageSize', 'MMUPageSize']) assert.equal(names.delete(pageSize), true);
  assert.deepEqual(Object.keys(totals).sort(), [...names].sort());
  const mapping = mappings.find(({ start }) => start === region.address);
  assert.deepEqual(mapping.pages, [{ kind: 'hugetlb', pageSize: H, bytes: 2 * H }]);
  assert.equal(totals.Private_Hugetlb, 2 * H);
  region.dispose();
});
