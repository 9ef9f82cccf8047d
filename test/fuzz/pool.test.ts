/** Random sequences of operations: after each one, the pool's counters are exactly those that the model predicts. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { counters, withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { PoolMachine } from './pool-machine.js';
import type { Operation } from './pool-machine.js';
import { SEED } from './seed.js';

const SEQUENCES = 100;
const STEPS = 100;
const MAX_PAGES = 64;
const POOL = { pageSize: H, pages: 32 };

const flag = fc.boolean();
const region = fc.nat(20);
const page = fc.nat(15);
const pages = fc.integer({ min: 1, max: 16 });
const mode = fc.constantFrom('none' as const, 'read' as const, 'read-write' as const);
const reserve = fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  // A failure shrinks towards the first: steps that do not matter become nothing.
  { withCrossShrink: true },
  { weight: 0, arbitrary: fc.constant({ type: 'nothing' as const }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('allocate' as const), pages, shared: flag, reserve, prefault: flag }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('prefault' as const), region, page, pages }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('touch' as const), region, page, write: flag }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('protect' as const), region, page, pages, mode }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('share' as const), region }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('dispose' as const), region }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('resize' as const), pages: fc.nat(MAX_PAGES) }) },
);

requires({ root: true, pool: POOL }).describe('random operations', () => {
  withPool(POOL);

  it(`change the pool as the model predicts: ${String(SEQUENCES)} times ${String(STEPS)} steps`, async () => {
    const property = fc.asyncProperty(fc.array(operation, { minLength: STEPS, maxLength: STEPS }), async (operations) => {
      const machine = new PoolMachine(H, POOL.pages);
      try {
        for (const step of operations) {
          await machine.apply(step);
          expect(counters(H), JSON.stringify(step)).toEqual(machine.model.counters());
        }
      } finally {
        machine.disposeAll();
        await machine.apply({ type: 'resize', pages: POOL.pages });
      }
      expect(counters(H)).toEqual(machine.model.counters());
    });
    await fc.assert(property, { seed: SEED, numRuns: SEQUENCES });
  });
});
