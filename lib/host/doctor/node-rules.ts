/** Whether every NUMA node has its part of a pool. */
import { formatSize } from '../../units.js';
import { nodePoolDirectory } from '../pools/pools.js';
import type { PoolSnapshot } from '../pools/pools.js';
import { commandRemedy, writeCommand } from '../remedy.js';
import type { Facts } from './facts.js';
import type { Finding } from './finding.js';

/** One finding for each pool with pages, on a machine with several nodes. */
export function nodeFindings(facts: Facts): Finding[] {
  return facts.pools.filter(({ total, perNode }) => total > 0 && perNode.length > 1).map((pool) => nodeFinding(pool, facts));
}

function nodeFinding({ pageSize, total, perNode }: PoolSnapshot, { nodes }: Facts): Finding {
  const name = formatSize(pageSize);
  const id = `numa:${name}`;
  // A node without CPUs runs nothing that would want its memory close by.
  const running = new Set(nodes.filter(({ cpus }) => cpus.length > 0).map(({ node }) => node));
  const without = perNode.filter((part) => part.total === 0 && running.has(part.node)).map(({ node }) => node);
  if (without.length === 0) {
    const split = perNode.map((part) => String(part.total)).join(', ');
    return { id, level: 'ok', title: `Every node has ${name} pages`, detail: `By node: ${split}.` };
  }
  const share = Math.max(1, Math.round(total / perNode.length));
  const commands = without.map((node) => writeCommand(`${nodePoolDirectory(pageSize, node)}/nr_hugepages`, share));
  return {
    id,
    level: 'advice',
    title: `Node ${without.join(', ')} has no ${name} pages`,
    detail: 'Programs on its CPUs get pages of other nodes, which are slower to reach; bound to it, they get none.',
    remedy: commandRemedy('Give it what the others have on average', commands.join(' && '), true),
  };
}
