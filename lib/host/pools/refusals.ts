/** Changes of a pool that are refused before anything is written. */
import { HugePagesError, outOfRange } from '../../errors.js';
import { formatSize, KiB } from '../../units.js';
import { formatCpuList } from '../cpu-list.js';
import { readText } from '../text.js';
import type { RootOptions } from '../text.js';
import { persistentPages } from './pool-state.js';
import type { PoolSnapshot } from './pools.js';
import type { PoolRequest, Target } from './request.js';

/**
 * @throws RangeError `ERR_OUT_OF_RANGE` for a node that the machine lacks
 * @throws HugePagesError `ERR_HUGEPAGES_BUSY`, `ERR_HUGEPAGES_NO_MEMORY`
 */
export function refuse(request: PoolRequest, before: PoolSnapshot, targets: readonly Target[], options: RootOptions): void {
  checkNodes(request.nodes, before);
  for (const target of targets) checkMemory(target, before, options);
  if (!request.allowSurplus) checkUse(request, before, targets);
}

/** @throws RangeError `ERR_OUT_OF_RANGE` */
export function checkNodes(nodes: readonly number[], { perNode }: PoolSnapshot): void {
  const known = perNode.map(({ node }) => node);
  for (const node of nodes) {
    if (known.length === 0) throw outOfRange('node', 'left out: this kernel has no NUMA nodes', node);
    if (!known.includes(node)) throw outOfRange('node', `a NUMA node of this machine: ${formatCpuList(known)}`, node);
  }
}

// The kernel would try, and leave no memory to anyone else before it gives up.
function checkMemory({ node, pages }: Target, { pageSize }: PoolSnapshot, options: RootOptions): void {
  const path = node === undefined ? '/proc/meminfo' : `/sys/devices/system/node/node${String(node)}/meminfo`;
  const kib = /MemTotal:\s+(\d+) kB/.exec(readText(path, options) ?? '')?.[1];
  const memory = kib === undefined ? Infinity : Number(kib) * KiB;
  if (pages * pageSize <= memory) return;
  const where = node === undefined ? 'the machine' : `node ${String(node)}`;
  const message = `${String(pages)} pages of ${formatSize(pageSize)} are more than the ${formatSize(memory)} of memory that ${where} has`;
  throw new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', message, {
    details: { pageSize, pages, node, memory },
    remedy: `Ask for at most ${String(Math.floor(memory / pageSize))} pages, less what everything else needs`,
  });
}

function checkUse({ policy }: PoolRequest, before: PoolSnapshot, targets: readonly Target[]): void {
  for (const { node, pages } of targets) {
    if (node !== undefined) checkPart(before, pages, persistentPages(before, node), nodeUse(before, [node]), `node ${String(node)} of `);
  }
  const now = persistentPages(before);
  const then = targets.reduce((sum, { node, pages }) => sum + pages - persistentPages(before, node), now);
  checkPart(before, then, now, before.total - before.free + before.reserved, '');
  if (policy === undefined) return;
  // Other nodes keep what they have.
  const others = before.perNode.filter(({ node }) => !policy.nodes.includes(node));
  const elsewhere = others.reduce((sum, { node }) => sum + persistentPages(before, node), 0);
  checkPart(before, then - elsewhere, now - elsewhere, nodeUse(before, policy.nodes), 'the nodes of the policy in ');
}

function nodeUse({ perNode }: PoolSnapshot, nodes: readonly number[]): number {
  return perNode.filter(({ node }) => nodes.includes(node)).reduce((sum, { total, free }) => sum + total - free, 0);
}

function checkPart({ pageSize }: PoolSnapshot, pages: number, persistent: number, inUse: number, part: string): void {
  if (pages >= persistent || pages >= inUse) return;
  const what = `${part}the pool of ${formatSize(pageSize)} pages`;
  throw new HugePagesError('ERR_HUGEPAGES_BUSY', `Could not shrink ${what} to ${String(pages)}: ${String(inUse)} are in use or reserved`, {
    details: { pageSize, pages, inUse },
    remedy: `Free them first, keep ${String(inUse)} or more, or let them leave when they are freed: allowSurplus (--allow-surplus)`,
  });
}
