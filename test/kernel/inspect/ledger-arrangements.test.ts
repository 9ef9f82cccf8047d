/** However 20 processes hold pages of two sizes, the rows of the ledger add up to the counters of the pools, and each says who. */
import { rmSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledger, mount } from '../../../lib/index.js';
import type { LedgerPool } from '../../../lib/index.js';
import { SEED } from '../../fuzz/seed.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { counters, obtainable, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { withArrangement } from './arrangement.js';
import { plans, summary } from './arrangements.js';
import type { Plan } from './arrangements.js';

const G = 2 ** 30;
const ARRANGEMENTS = 100;
const PROCESSES = 20;
const MOST_PAGES = 6;
/** A page that a child writes to is there twice. */
const POOL = { pageSize: H, pages: 2 * MOST_PAGES * PROCESSES };
const GIGANTIC = { pageSize: G, pages: obtainable({ pageSize: G, pages: 2 }) };

function check({ pageSize, rows, residue, used, reserved }: LedgerPool, planned: readonly Plan[], pids: readonly number[]): void {
  const now = counters(pageSize);
  expect({ used, reserved }).toEqual({ used: now.total - now.free, reserved: now.reserved });
  expect(residue).toEqual({ used: 0, reserved: 0 });
  expect(rows.reduce((sum, row) => sum + row.used, 0)).toBe(used);
  expect(rows.reduce((sum, row) => sum + row.reserved, 0)).toBe(reserved);
  const known = new Set(pids);
  const own = planned.map((plan, index) => ({ ...plan, pid: String(pids[index]) })).filter((plan) => plan.pageSize === pageSize);
  const doubtful = own.some(({ isDoubtful }) => isDoubtful);
  // Where one process is in doubt, what is reserved for others may be told only together with it.
  const shown = (text: string): string => (doubtful ? text.replace(/\+\S+/, '') : text);
  const isShown = (text: string): boolean => !doubtful || !/^\S+ 0\+/.test(text);
  const expected = own.flatMap((plan) => plan.rows.map((row) => row.replaceAll('%', plan.pid)));
  const found = rows.filter(({ kind }) => kind !== 'undetermined').map((row) => summary(row, known));
  expect(found.filter(isShown).map(shown).sort()).toEqual(expected.filter(isShown).map(shown).sort());
}

requires({ root: true, compiler: true, pool: POOL }).describe('the ledger of random arrangements', () => {
  withPool(POOL, GIGANTIC);
  const directory = withMountDirectory();

  it(`has no residue: ${String(ARRANGEMENTS)} times ${String(PROCESSES)} processes`, async () => {
    const paths = new Map([H, G].map((pageSize) => [pageSize, directory.path(String(pageSize))]));
    for (const [pageSize, path] of paths) mount({ path, pageSize });
    const of = (pageSize: number, most: number): fc.Arbitrary<Plan> => plans(pageSize, most, () => paths.get(pageSize) ?? '');
    const gigantic = Math.floor(GIGANTIC.pages / 2);
    const small = PROCESSES - gigantic;
    const arrangement = fc.tuple(
      fc.array(of(H, MOST_PAGES), { minLength: small, maxLength: small }),
      fc.array(of(G, 1), { minLength: gigantic, maxLength: gigantic }),
    );
    await withArrangement(async (arrange) => {
      const property = fc.asyncProperty(arrangement, async (parts) => {
        const planned = parts.flat();
        for (const path of paths.values()) for (const name of readdirSync(path)) rmSync(`${path}/${name}`);
        const pids = await arrange(planned.map(({ actions }, index) => actions.replace('#', String(index))));
        const { pools, consistent } = await ledger();
        expect(consistent).toBe(true);
        for (const pool of pools) check(pool, planned, pids);
      });
      await fc.assert(property, { numRuns: ARRANGEMENTS, seed: SEED });
    });
  }, 180_000);
});
