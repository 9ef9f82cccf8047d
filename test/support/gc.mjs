/** Garbage collection for tests and for the programs they run; both need Node's `--expose-gc`. */
import { setImmediate as tick } from 'node:timers/promises';

// Finalizers run from later ticks, and may free what only the next collection finds.
const TICKS = 10;
const ROUNDS = 50;

/** Lets everything run that waits for a later tick. */
export async function ticks() {
  for (let i = 0; i < TICKS; i++) await tick();
}

/**
 * Collects garbage until the condition holds.
 *
 * @returns {Promise<boolean>} whether it ever did
 */
export async function collectUntil(condition) {
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc();
    // Before the condition, for finalizers; after it, because a WeakRef that it looked at lives until the end of that turn.
    await ticks();
    if (condition()) return true;
    await ticks();
  }
  return false;
}
