/** Changing a pool: every way to do so ends here. */
import { undoAll } from '../journal/journal.js';
import type { Journal } from '../journal/journal.js';
import type { RootOptions } from '../text.js';
import { PoolRun, overcommitWrite, resizeWrite } from './pool-run.js';
import { existingPool, persistentPages } from './pool-state.js';
import type { PoolSnapshot } from './pools.js';
import { refuse } from './refusals.js';
import type { PoolRequest, Target } from './request.js';
import { COMPACT, DROP_CACHES, relieveShortage, shortTargets } from './shortage.js';
import type { Steps } from './steps.js';
import type { NodeGrant, PoolChangeResult, PoolWrite } from './types.js';

/**
 * Changes a pool, with every write noted in the journal before it is made. After an error, an abort, or a short growth with
 * `rollback` all is as it was; otherwise the journal holds what {@link Journal.undo} takes back.
 *
 * @param journal - of this change alone
 */
export function* changePool(request: PoolRequest, journal: Journal, options: RootOptions): Steps<PoolChangeResult> {
  const { pageSize, overcommit, policy } = request;
  const before = existingPool(pageSize, options);
  const targets = shrinkingFirst(request.targets(before), before);
  refuse(request, before, targets, options);
  const report = (outcome: Outcome): PoolChangeResult => result(request, targets, before, existingPool(pageSize, options), outcome);
  const planned = plannedWrites(request, targets, before);
  if (request.dryRun) return report({ writes: planned });

  const run = new PoolRun(before, journal, options);
  run.checkWritable([...planned, ...(request.compact ? [COMPACT] : []), ...(request.dropCaches ? [DROP_CACHES] : [])]);
  try {
    if (overcommit !== undefined) yield* run.overcommit(overcommit);
    for (const target of targets) yield* run.resize(target, policy);
    const gained = yield* relieveShortage(run, request, targets, options);
    const outcome = { writes: run.writes, interference: run.interference, gained };
    if (!request.rollback || shortTargets(pageSize, targets, options).length === 0) return report(outcome);
    const grantedBeforeRollback = count(targets, existingPool(pageSize, options));
    undoAll(journal);
    return report({ ...outcome, grantedBeforeRollback });
  } catch (error) {
    journal.undo();
    throw error;
  }
}

// What one node gives up, another may get.
function shrinkingFirst(targets: readonly Target[], before: PoolSnapshot): Target[] {
  const growth = ({ node, pages }: Target): number => pages - persistentPages(before, node);
  return [...targets].sort((a, b) => growth(a) - growth(b));
}

function plannedWrites({ pageSize, overcommit, policy }: PoolRequest, targets: readonly Target[], before: PoolSnapshot): PoolWrite[] {
  const resized = targets.filter(({ node, pages }) => pages !== persistentPages(before, node));
  return [
    ...(overcommit === undefined || overcommit === before.overcommit ? [] : [overcommitWrite(pageSize, overcommit)]),
    ...resized.map((target) => resizeWrite(pageSize, target, policy)),
  ];
}

/** The pages that the targets speak of; the whole pool when there are none. */
function count(targets: readonly Target[], snapshot: PoolSnapshot): number {
  if (targets.length === 0) return persistentPages(snapshot);
  return targets.reduce((sum, { node }) => sum + persistentPages(snapshot, node), 0);
}

type Outcome = Pick<PoolChangeResult, 'writes'> & Partial<Pick<PoolChangeResult, 'interference' | 'gained' | 'grantedBeforeRollback'>>;

function result(
  { pageSize, overcommit, dryRun }: PoolRequest,
  targets: readonly Target[],
  before: PoolSnapshot,
  after: PoolSnapshot,
  { writes, interference = [], gained = {}, grantedBeforeRollback }: Outcome,
): PoolChangeResult {
  const beforeCount = count(targets, before);
  return {
    pageSize,
    before: beforeCount,
    requested: targets.length === 0 ? beforeCount : targets.reduce((sum, { pages }) => sum + pages, 0),
    granted: count(targets, after),
    perNode: after.perNode.map(({ node }) => nodeGrant(node, targets, before, after)),
    ...(overcommit !== undefined && { overcommit: { before: before.overcommit, requested: overcommit, granted: after.overcommit } }),
    gained,
    rolledBack: grantedBeforeRollback !== undefined,
    ...(grantedBeforeRollback !== undefined && { grantedBeforeRollback }),
    interference,
    dryRun,
    writes,
    after,
  };
}

function nodeGrant(node: number, targets: readonly Target[], before: PoolSnapshot, after: PoolSnapshot): NodeGrant {
  const requested = targets.find((target) => target.node === node)?.pages;
  return {
    node,
    before: persistentPages(before, node),
    ...(requested !== undefined && { requested }),
    granted: persistentPages(after, node),
  };
}
