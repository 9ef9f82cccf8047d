/** NUMA nodes: whether mbind(2) takes a policy, and whether the pages are on the nodes that a mapping may use. */
import { formatSize } from '../../units.js';
import { formatCpuList } from '../cpu-list.js';
import { pagesFile } from '../pools/pools.js';
import { writeRemedy } from '../remedy.js';
import { asked } from './pool.js';
import { pagesText } from './question.js';
import type { Question, Rule } from './question.js';
import type { Reason } from './types.js';

/** EINVAL of mbind(2), which leaves out the nodes that have no memory or are not allowed, and wants one to be left. */
export const bindableNodes: Rule = ({ request, machine }) => {
  const { nodes } = request;
  const allowed = machine.nodes();
  if (nodes.length === 0 || nodes.some((node) => allowed.includes(node))) return [];
  return [
    {
      code: 'nodes-not-allowed',
      error: 'ERR_HUGEPAGES_UNSUPPORTED',
      step: 'bind',
      message: `This process may take no memory from node ${formatCpuList(nodes)}: it may use ${formatCpuList(allowed)}`,
      details: { nodes, allowed },
      remedy: { sentence: 'Name other nodes, or allow these in cpuset.mems of the cgroup', needsRoot: false },
    },
  ];
};

/** Reservations count pages of the nodes of the process, as far as they are free: ENOMEM of mmap(2). */
export const reservedOnNodes: Rule = (question) => {
  if (!question.request.reserve) return [];
  const { pages, unpromised, surplusLeft } = asked(question);
  // Surplus pages are only made for what the pool as a whole has not, and then on these nodes.
  const made = Math.min(Math.max(0, pages - unpromised), surplusLeft);
  return shortage(question, question.machine.nodes(), made, { error: 'ERR_HUGEPAGES_NO_MEMORY', step: 'map' });
};

/** A reservation is of any node of the process, and a fault takes from those of the mapping: EFAULT of madvise(2). */
export const pagesOnNodes: Rule = (question) => {
  const { nodes, bound } = question.request;
  const allowed = question.machine.nodes();
  const usable = bound ? allowed.filter((node) => nodes.includes(node)) : allowed;
  return shortage(question, usable, asked(question).surplusLeft, { error: 'ERR_HUGEPAGES_POPULATE', step: 'populate' });
};

function shortage(question: Question, nodes: readonly number[], surplus: number, where: Pick<Reason, 'error' | 'step'>): Reason[] {
  const { pool, pages } = asked(question);
  const there = pool.perNode.filter(({ node }) => nodes.includes(node));
  const available = there.reduce((sum, { free }) => sum + free, 0) + surplus;
  const [first] = there;
  // All nodes together are the pool, of which another rule speaks.
  if (first === undefined || there.length === pool.perNode.length || pages <= available) return [];
  const missing = pages - available;
  const file = pagesFile(pool.pageSize, first.node);
  return [
    {
      ...where,
      code: 'pool-nodes',
      message:
        `${pagesText(pages)} of ${formatSize(pool.pageSize)} needed on the nodes that may be used, ${formatCpuList(nodes)}: ` +
        `they have ${String(available)}`,
      details: { neededPages: pages, availablePages: available, nodes, perNode: pool.perNode },
      remedy: writeRemedy(`Grow the pool on node ${String(first.node)}`, file, first.total + missing),
    },
  ];
}
