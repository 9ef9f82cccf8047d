import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../lib/inspect/processes/in-order.js';
import { rejectionOf } from '../../../support/thrown.js';

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe('inOrder', () => {
  it('keeps the order, and never more under way than it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3)), fc.integer({ min: 1, max: 8 }), async (turns, width) => {
        let [underWay, most] = [0, 0];
        const results = await collect(
          inOrder(turns.entries(), width, async ([index, count]) => {
            most = Math.max(most, ++underWay);
            for (let turn = 0; turn < count; turn++) await setImmediate();
            underWay--;
            return index;
          }),
        );
        expect(results).toEqual([...turns.keys()]);
        expect(most).toBeLessThanOrEqual(width);
      }),
      { numRuns: 30 },
    );
  });

  it('lets the event loop have its turn', async () => {
    const never = new Int32Array(new SharedArrayBuffer(4));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await collect(inOrder(Array(20).keys(), 4, () => Promise.resolve(Atomics.wait(never, 0, 0, 3))));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('fails at the place of what failed, and no later failure goes unhandled', async () => {
    const fail = (item: number): Promise<number> => (item < 3 ? Promise.resolve(item) : Promise.reject(new Error(String(item))));
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const item of inOrder([0, 1, 2, 3, 4, 5], 3, fail)) seen.push(item);
    };
    expect(await rejectionOf(run())).toMatchObject({ message: '3' });
    expect(seen).toEqual([0, 1, 2]);
    for await (const item of inOrder([0, 3, 4], 3, fail)) {
      expect(item).toBe(0);
      break;
    }
    await setImmediate();
  });
});
