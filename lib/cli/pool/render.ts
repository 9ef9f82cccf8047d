/** What became of a pool change, in lines. */
import { teeUnder } from '../../host/pools/numactl.js';
import type { DemotionResult, NodeGrant, PoolChangeResult, PoolWrite } from '../../host/pools/types.js';
import { formatSize } from '../../units.js';
import { bad, good, table } from '../render.js';

const MEANS = { compact: 'compacting memory', dropCaches: 'dropping caches', retries: 'asking again' } as const;

export function renderChange(result: PoolChangeResult): string[] {
  if (result.dryRun) return renderWrites(result.writes);
  const { overcommit, perNode, interference, before, granted, after } = result;
  return [
    verdict(result),
    ...(granted < before && after.surplus > 0 ? [`  in use, and leaving it when freed: ${String(after.surplus)} surplus`] : []),
    ...(perNode.length > 1 ? renderNodes(perNode) : []),
    ...(overcommit === undefined ? [] : [`  overcommit: ${String(overcommit.before)} → ${String(overcommit.granted)}`]),
    ...Object.entries(result.gained).map(([means, pages]) => `  ${MEANS[means as keyof typeof MEANS]} gained ${String(pages)}`),
    ...interference.map(({ node, expected, found }) => {
      const where = node === undefined ? '' : ` on node ${String(node)}`;
      return `  another process changed the pool meanwhile: ${String(found)} pages${where}, expected ${String(expected)}`;
    }),
  ];
}

function renderNodes(nodes: readonly NodeGrant[]): string[] {
  const numbers = ({ before, requested, granted }: NodeGrant): string[] => [before, requested ?? '', granted].map(String);
  const rows = nodes.map((grant) => [`node ${String(grant.node)}`, ...numbers(grant)]);
  return table([['persistent pages', 'before', 'requested', 'granted'], ...rows]);
}

function verdict({ pageSize, before, requested, granted, rolledBack, grantedBeforeRollback }: PoolChangeResult): string {
  const pool = `The pool of ${formatSize(pageSize)} pages`;
  const found = `${pool}: the kernel found ${String(grantedBeforeRollback ?? granted)} of ${String(requested)}`;
  if (rolledBack) return bad(`${found}; put back to ${String(granted)}`);
  if (granted < requested) return bad(found);
  return good(before === granted ? `${pool} has ${String(granted)}` : `${pool}: ${String(before)} → ${String(granted)}`);
}

export function renderDemotion({ pageSize, targetSize, requested, demoted, gained, dryRun, writes }: DemotionResult): string[] {
  if (dryRun) return renderWrites(writes);
  const splitting = `${String(demoted)} of ${String(requested)} pages of ${formatSize(pageSize)}`;
  const line = `${splitting} → ${String(gained)} of ${formatSize(targetSize)}`;
  return [demoted === requested ? good(line) : bad(`${line}: no more were free and unreserved`)];
}

function renderWrites(writes: readonly PoolWrite[]): string[] {
  if (writes.length === 0) return ['Nothing is to be written'];
  return writes.map(({ path, value, policy }) => {
    return policy === undefined ? `echo ${value} > ${path}` : `echo ${value} | ${teeUnder(policy)} ${path}`;
  });
}
