/** Getting more pages than the kernel found at first. */
import { existingPool, persistentPages } from './pool-state.js';
import type { PoolRun } from './pool-run.js';
import type { PoolRequest, Target } from './request.js';
import type { Step, Steps } from './steps.js';
import type { RootOptions } from '../text.js';
import type { PoolChangeResult, PoolWrite } from './types.js';

export const COMPACT: PoolWrite = { path: '/proc/sys/vm/compact_memory', value: '1' };
export const DROP_CACHES: PoolWrite = { path: '/proc/sys/vm/drop_caches', value: '3' };

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;

type Means = keyof PoolChangeResult['gained'];

/** Tries what the request allows, as long as pages are missing. @returns the pages that each gained */
export function* relieveShortage(
  run: PoolRun,
  request: PoolRequest,
  targets: readonly Target[],
  options: RootOptions,
): Steps<PoolChangeResult['gained']> {
  const gained: Partial<Record<Means, number>> = {};
  for (const [means, preparation] of preparations(run, request)) {
    const short = shortTargets(request.pageSize, targets, options);
    if (short.length === 0) break;
    yield* preparation;
    for (const target of short) gained[means] = (gained[means] ?? 0) + (yield* run.resize(target, request.policy));
  }
  return gained;
}

/** Those that have fewer pages than they shall have. */
export function shortTargets(pageSize: number, targets: readonly Target[], options: RootOptions): Target[] {
  const now = existingPool(pageSize, options);
  return targets.filter(({ node, pages }) => persistentPages(now, node) < pages);
}

function* preparations(run: PoolRun, { compact, dropCaches, retries }: PoolRequest): Generator<[Means, Steps<void>]> {
  if (compact) yield ['compact', run.write(COMPACT)];
  if (dropCaches) yield ['dropCaches', dropped(run, compact)];
  for (let tries = 0; tries < retries; tries++) yield ['retries', wait(Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS))];
}

// What the caches leave behind is in pieces.
function* dropped(run: PoolRun, compact: boolean): Steps<void> {
  yield* run.write(DROP_CACHES);
  if (compact) yield* run.write(COMPACT);
}

function* wait(milliseconds: number): Generator<Step, void, undefined> {
  yield { type: 'wait', milliseconds };
}
