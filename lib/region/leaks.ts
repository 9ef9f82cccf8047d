/** Regions that were collected without being disposed: their pages are returned, and their makers are told. */
import { native } from '../native.js';
import { formatSize } from '../units.js';
import { forgetDegraded } from './degraded.js';
import { describe } from './describe.js';

interface Origin {
  readonly handle: number;
  readonly site: string;
}

/** A stack that need not be text yet, and until then holds on to the objects whose methods are on it: one of them may own the region. */
interface Trace {
  readonly stack?: unknown;
}

/** Where a region was made. */
export type Site = string | Trace;

const reported = new Set<string>();

const collected = new FinalizationRegistry<Origin>(({ handle, site }) => {
  forgetDegraded(handle);
  const { byteLength } = describe(handle);
  native.abandon(handle);
  // Once for each place: a loop that leaks says so once.
  if (reported.has(site)) return;
  reported.add(site);
  const message = `A region of ${formatSize(byteLength)} was garbage-collected without dispose(). It was made\n${site}`;
  process.emitWarning(message, 'HugePagesLeakWarning');
});

/** A region's hold. */
interface Watched {
  readonly owner: object;
  readonly handle: number;
  site: Site | undefined;
}

/**
 * Regions of this turn. Nothing is collected and told within one, so that what a turn makes and disposes need not be registered, and its
 * place need not be text.
 */
let fresh: Watched[] = [];
/** Forget those that are disposed when there are this many; 0 before the first of a turn. */
let sweepAt = 0;

/** Watches a region until {@link forget}. */
export function watch(hold: Watched): void {
  if (sweepAt === 0) queueMicrotask(settle);
  if (fresh.length >= sweepAt) {
    fresh = fresh.filter(({ site }) => site !== undefined);
    sweepAt = 2 * fresh.length + 64;
  }
  fresh.push(hold);
}

export function forget(hold: Watched): void {
  if (hold.site === undefined) collected.unregister(hold.owner);
  else hold.site = undefined;
}

function settle(): void {
  sweepAt = 0;
  for (const hold of fresh.splice(0)) {
    const { owner, handle, site } = hold;
    if (site === undefined) continue;
    hold.site = undefined;
    collected.register(owner, { handle, site: textOf(site) }, owner);
  }
}

function textOf(site: Site): string {
  if (typeof site === 'string') return site;
  try {
    const { stack } = site; // a string, unless somebody set Error.prepareStackTrace
    if (typeof stack === 'string') return stack.slice(stack.indexOf('\n') + 1);
  } catch {
    // thrown by that
  }
  return '    at an unknown place';
}

/**
 * Where `caller`, the public function that is called right now, was called from: for what {@link watch} gets in this turn. One frame,
 * because each costs.
 */
export function captureTrace(caller: (...args: never[]) => unknown): Site {
  const { stackTraceLimit } = Error;
  const trace: Trace = {};
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(trace, caller);
  Error.stackTraceLimit = stackTraceLimit;
  return trace;
}

/** {@link captureTrace} for what is waited for. */
export function captureSite(caller: (...args: never[]) => unknown): Site {
  return textOf(captureTrace(caller));
}
