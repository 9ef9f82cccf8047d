/** The pools of each node, as sysfs has them. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { numaNodes, pool } from 'hugepages';

export const MiB = 2 ** 20;
export const GiB = 2 ** 30;

const NODES = '/sys/devices/system/node';

function counter(node, pageSize, name) {
  return Number(readFileSync(`${NODES}/node${node}/hugepages/hugepages-${pageSize / 1024}kB/${name}`, 'utf8'));
}

/** `nr_hugepages` of every node. Also checks that the snapshot says the same of all counters. */
export function pagesByNode(pageSize = 2 * MiB) {
  const nodes = numaNodes().map(({ node }) => node);
  const read = (node) => ({
    node,
    total: counter(node, pageSize, 'nr_hugepages'),
    free: counter(node, pageSize, 'free_hugepages'),
    surplus: counter(node, pageSize, 'surplus_hugepages'),
  });
  const perNode = nodes.map(read);
  const snapshot = pool(pageSize);
  assert.deepEqual(snapshot.perNode, perNode);
  for (const name of ['total', 'free', 'surplus']) assert.equal(snapshot[name], perNode.reduce((sum, part) => sum + part[name], 0));
  return perNode.map(({ total }) => total);
}

/** The most pages that a node could have if nothing else were in its memory. */
export function nodeCapacity(node, pageSize = 2 * MiB) {
  const kib = /MemTotal:\s+(\d+) kB/.exec(readFileSync(`${NODES}/node${node}/meminfo`, 'utf8'))[1];
  return Math.floor((kib * 1024) / pageSize);
}
