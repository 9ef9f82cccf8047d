/** allocate and allocateSync: the backings in their order, until one can be had. */
import { HugePagesError, errnoName } from '../errors.js';
import { findMount } from '../host/mounts/find-mount.js';
import { native } from '../native.js';
import type { JobOutcome } from '../native/jobs.js';
import { Kind, SourceKind } from '../native/regions.js';
import { formatSize } from '../units.js';
import { facts } from './facts.js';
import { attempt, exhausted, mapFailure, transparentFailure, unavailableFailure } from './failures.js';
import type { Target } from './failures.js';
import { captureSite, captureTrace } from './leaks.js';
import type { Site } from './leaks.js';
import { parseOptions, requestOf } from './options.js';
import type { Plan } from './options.js';
import { populate, populateSync, toResult } from './populate.js';
import type { PopulateTask } from './populate.js';
import { ASYNC_PREFAULT, SYNC_PREFAULT } from './prefault-options.js';
import { createRegion } from './region.js';
import type { Region } from './region.js';
import type { AllocateOptions, AllocateSyncOptions, Attempt } from './types.js';

/**
 * Maps memory on huge pages and populates it, off the event loop.
 *
 * The backings are tried in their order; `region.attempts` says what was tried and what ruled it out, `region.backing` what the
 * kernel gave. A failed call holds nothing: no pages, no address space.
 *
 * mmap(2) with MAP_HUGETLB and explicit size bits (Linux 3.8), madvise(2) with MADV_HUGEPAGE, MADV_POPULATE_WRITE (5.14; before that
 * each page is touched by the kernel through futex(2)) and MADV_COLLAPSE (6.1).
 *
 * @throws TypeError, RangeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, `ERR_OUT_OF_RANGE` before any system call
 * @throws HugePagesError `ERR_HUGEPAGES_PAGE_SIZE` for a page size that the machine lacks (`details.available` lists those it has),
 *   `ERR_HUGEPAGES_NO_MEMORY` with the pool's counters and a command that mends it, `ERR_HUGEPAGES_POPULATE`,
 *   `ERR_HUGEPAGES_PERMISSION`, `ERR_HUGEPAGES_UNSUPPORTED`, `ERR_HUGEPAGES_SYSTEM`; with several backings, that of the
 *   first, and `details.attempts`
 * @throws AbortError (`ABORT_ERR`) when `prefault.signal` aborts
 */
export async function allocate(options: AllocateOptions): Promise<Region> {
  const site = captureSite(allocate);
  return allocatePlan(parseOptions(options, ASYNC_PREFAULT, facts), site);
}

/** {@link allocate} of options that are checked. `site`: where it was called from. */
export async function allocatePlan(plan: Plan, site: Site): Promise<Region> {
  const steps = attempts(plan, site);
  let step = steps.next();
  while (step.done !== true) {
    try {
      step = steps.next(await populate(step.value, () => false));
    } catch (error) {
      step = steps.throw(error);
    }
  }
  return step.value;
}

/**
 * {@link allocate} on the calling thread: for start-up code and small regions. It blocks while it populates, about 40 ms per GiB of
 * memory that the host has at hand and many times that for memory it must find first.
 *
 * @throws as {@link allocate}, without AbortError
 */
export function allocateSync(options: AllocateSyncOptions): Region {
  const steps = attempts(parseOptions(options, SYNC_PREFAULT, facts), captureTrace(allocateSync));
  let step = steps.next();
  while (step.done !== true) {
    try {
      step = steps.next(populateSync(step.value));
    } catch (error) {
      step = steps.throw(error);
    }
  }
  return step.value;
}

/** What both do. Each yield is a populate, which one of them awaits and the other does at once. */
function* attempts(plan: Plan, site: Site): Generator<PopulateTask, Region, JobOutcome> {
  const mistake = plan.candidates.find(({ unavailable }) => unavailable?.error === 'ERR_HUGEPAGES_PAGE_SIZE')?.unavailable;
  if (mistake !== undefined) throw unavailableFailure(mistake);
  const request = requestOf(plan);
  const failed: (Attempt & { readonly error: HugePagesError })[] = [];
  for (const { backing, pageSize, byteLength, unavailable } of plan.candidates) {
    const target: Target = { backing, pageSize, byteLength, request };
    try {
      if (unavailable !== undefined) throw unavailableFailure(unavailable);
      const handle = map(plan, target);
      try {
        const outcome = plan.prefault?.background === false ? yield populateTask(handle, target, plan.prefault) : undefined;
        const note = backing === 'thp' ? checkTransparent(handle, target, outcome) : undefined;
        if (plan.source.persistent) native.keep(handle);
        const taken: Attempt = note === undefined ? { backing, pageSize } : { backing, pageSize, note };
        return createRegion({
          handle,
          request,
          attempts: [...failed, taken],
          site,
          prefaulted: outcome && toResult(outcome),
          background: plan.prefault?.background === true ? plan.prefault : undefined,
        });
      } catch (error) {
        native.release(handle);
        throw error;
      }
    } catch (error) {
      if (!(error instanceof HugePagesError)) throw error;
      failed.push({ backing, pageSize, error });
    }
  }
  throw exhausted(failed, plan.candidates[0]?.byteLength ?? 0);
}

const NO_NODES = new Int32Array();

function map(plan: Plan, target: Target): number {
  const { backing, pageSize, byteLength } = target;
  const { kind, path, name, key, seals } = plan.source;
  const place = kind === 'file' ? (path ?? findMount(pageSize, { size: byteLength }).mountPoint) : '';
  const { flags, alignment, hint, nodeMode } = plan;
  const nodes = plan.nodes.length === 0 ? NO_NODES : Int32Array.from(plan.nodes);
  const source = SourceKind[kind];
  try {
    return native.map(Kind[backing], byteLength, pageSize, flags, alignment, hint, nodeMode, nodes, source, place, name, key, seals);
  } catch (error) {
    throw mapFailure(target, error);
  }
}

function populateTask(handle: number, target: Target, plan: PopulateTask['plan']): PopulateTask {
  return { handle, target, offset: 0, length: target.byteLength, plan };
}

/**
 * Transparent huge pages are never promised: what came of them is read from page tables.
 *
 * @returns what is missing, if anything is
 * @throws HugePagesError `ERR_HUGEPAGES_UNSUPPORTED` when there is not a single one
 */
function checkTransparent(handle: number, target: Target, outcome: JobOutcome | undefined): string | undefined {
  const { presentBytes, hugeBytes, thpEligible } = attempt('Cannot probe the backing of a new region', () => native.probe(handle));
  if (presentBytes > 0 ? hugeBytes === presentBytes : thpEligible) return undefined;
  const collapseErrno = outcome?.noteErrno ?? 0;
  const refused = collapseErrno === 0 ? '' : `; madvise(MADV_COLLAPSE) failed with ${errnoName(collapseErrno)}`;
  if (hugeBytes > 0) return `${formatSize(hugeBytes)} of ${formatSize(presentBytes)} are in transparent huge pages${refused}`;
  throw transparentFailure(target, refused);
}
