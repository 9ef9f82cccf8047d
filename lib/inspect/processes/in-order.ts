/** Work on many things, a few at a time, with results in the order of the things. */
import { setImmediate } from 'node:timers/promises';

/** Milliseconds after which the event loop gets its turn. */
const SLICE = 5;

/**
 * Yields what `work` returns for each item. At most `width` are under way or wait to be taken.
 *
 * @throws what `work` throws, at its place in the order
 */
export async function* inOrder<T, R>(items: Iterable<T>, width: number, work: (item: T) => Promise<R>): AsyncGenerator<R, void, undefined> {
  const pending: Promise<R>[] = [];
  let turn = performance.now();
  for (const item of items) {
    const result = work(item);
    // Whoever takes no more does not hear of it either.
    result.catch(() => undefined);
    pending.push(result);
    if (pending.length >= width) yield* pending.splice(0, 1);
    if (performance.now() - turn < SLICE) continue;
    await setImmediate();
    turn = performance.now();
  }
  yield* pending;
}
