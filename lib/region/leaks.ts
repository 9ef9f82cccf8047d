/** Regions that were collected without being disposed: their pages are returned, and their makers are told. */
import { native } from '../native.js';
import { formatSize } from '../units.js';
import { forgetDegraded } from './degraded.js';

interface Origin {
  handle: number;
  site: string;
}

const reported = new Set<string>();

const collected = new FinalizationRegistry<Origin>(({ handle, site }) => {
  forgetDegraded(handle);
  const { byteLength } = native.describe(handle);
  native.abandon(handle);
  // Once for each place: a loop that leaks says so once.
  if (reported.has(site)) return;
  reported.add(site);
  const message = `A region of ${formatSize(byteLength)} was garbage-collected without dispose(). It was made\n${site}`;
  process.emitWarning(message, 'HugePagesLeakWarning');
});

/** Watches a region until {@link forget}. */
export function watch(region: object, handle: number, site: string): void {
  collected.register(region, { handle, site }, region);
}

export function forget(region: object): void {
  collected.unregister(region);
}

/**
 * Where `caller`, the public function that is called right now, was called from. As text at once: a stack that is formatted later
 * holds on to the objects whose methods are on it, and with them to a region that one of those owns. One frame, because each costs.
 */
export function captureSite(caller: (...args: never[]) => unknown): string {
  const { stackTraceLimit } = Error;
  const trace: { stack?: unknown } = {};
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(trace, caller);
  const { stack } = trace; // a string, unless somebody set Error.prepareStackTrace
  Error.stackTraceLimit = stackTraceLimit;
  return typeof stack === 'string' ? stack.slice(stack.indexOf('\n') + 1) : '    at an unknown place';
}
