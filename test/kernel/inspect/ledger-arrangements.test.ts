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
import { holdersOf, plans } from './arrangements.js';
import type { Plan } from './arrangements.js';

const G = 2 ** 30;
const ARRANGEMENTS = 100;
const PROCESSES = 20;
const MOST_PAGES = 6;
/** A page that a child writes to is there twice. */
const POOL = { pageSize: H, pages: 2 * MOST_PAGES * PROCESSES };
const GIGANTIC = { pageSize: G, pages: obtainable({ pageSize: G, pages: 2 }) };

/** What rows of the same pages and holders must have reserved together, and what the ledger says that they may have. */
interface Reservations {
  readonly planned: (number | undefined)[];
  readonly found: { readonly least: number; readonly most: number }[];
}

function byHolders({ pageSize, rows }: LedgerPool, plans: readonly Plan[], pids: readonly number[]): Map<string, Reservations> {
  const groups = new Map<string, Reservations>();
  const group = (kind: string, used: number, who: string): Reservations => {
    const key = `${kind} ${String(used)} ${who}`;
    return groups.get(key) ?? groups.set(key, { planned: [], found: [] }).get(key) ?? { planned: [], found: [] };
  };
  const own = plans.map((plan, index) => ({ ...plan, pid: String(pids[index]) })).filter((plan) => plan.pageSize === pageSize);
  for (const { rows: planned, pid } of own) {
    for (const { kind, used, reserved, who } of planned) group(kind, used, who.replaceAll('%', pid)).planned.push(reserved);
  }
  const among = rows.flatMap((row) => (row.kind === 'undetermined' ? row.among : []));
  const known = new Set(pids);
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'undetermined') continue;
    const { least, most } = among.find((candidate) => candidate.row === index) ?? { least: 0, most: 0 };
    group(row.kind, row.used, holdersOf(row, known)).found.push({ least: row.reserved + least, most: row.reserved + most });
  }
  return groups;
}

/** What has no pages is in no row, unless it may have. */
function checkReservations(key: string, { planned, found }: Reservations): void {
  const isEmpty = key.includes(' 0 ');
  if (isEmpty) expect(found.length, key).toBeLessThanOrEqual(planned.length);
  else expect(found, key).toHaveLength(planned.length);
  if (planned.includes(undefined)) return;
  const truth = planned.reduce<number>((sum, pages) => sum + (pages ?? 0), 0);
  const least = found.reduce((sum, row) => sum + row.least, 0);
  const most = found.reduce((sum, row) => sum + row.most, 0);
  expect(truth, key).toBeGreaterThanOrEqual(least);
  expect(truth, key).toBeLessThanOrEqual(most);
  if (least === most) {
    const exact = found.map((row) => row.least).filter((pages) => !isEmpty || pages !== 0);
    expect(exact.sort(), key).toEqual(planned.filter((pages) => !isEmpty || pages !== 0).sort());
  }
}

function check(pool: LedgerPool, plans: readonly Plan[], pids: readonly number[]): void {
  const { pageSize, rows, residue, used, reserved } = pool;
  const now = counters(pageSize);
  expect({ used, reserved }).toEqual({ used: now.total - now.free, reserved: now.reserved });
  expect(residue).toEqual({ used: 0, reserved: 0 });
  expect(rows.reduce((sum, row) => sum + row.used, 0)).toBe(used);
  expect(rows.reduce((sum, row) => sum + row.reserved, 0)).toBe(reserved);
  for (const [key, group] of byHolders(pool, plans, pids)) checkReservations(key, group);
}

requires({ root: true, compiler: true, pool: POOL }).describe('the ledger of random arrangements', () => {
  withPool(POOL, GIGANTIC);
  const directory = withMountDirectory();

  it(`has no residue: ${String(ARRANGEMENTS)} times ${String(PROCESSES)} processes`, async () => {
    const paths = new Map([H, G].map((pageSize) => [pageSize, directory.path(String(pageSize))]));
    for (const [pageSize, path] of paths) mount({ path, pageSize });
    const of = (pageSize: number, most: number, hasDoubts: boolean): fc.Arbitrary<Plan> => {
      const { certain, doubtful } = plans(pageSize, most, () => paths.get(pageSize) ?? '');
      return fc.oneof(...certain, ...(hasDoubts ? doubtful : []));
    };
    const gigantic = Math.floor(GIGANTIC.pages / 2);
    const small = PROCESSES - gigantic;
    const arrangement = fc.boolean().chain((hasDoubts) =>
      fc.tuple(
        fc.constant(hasDoubts),
        fc.array(of(H, MOST_PAGES, hasDoubts), { minLength: small, maxLength: small }),
        fc.array(of(G, 1, hasDoubts), { minLength: gigantic, maxLength: gigantic }),
      ),
    );
    await withArrangement(async (arrange) => {
      const property = fc.asyncProperty(arrangement, async ([hasDoubts, ...parts]) => {
        const planned = parts.flat();
        for (const path of paths.values()) for (const name of readdirSync(path)) rmSync(`${path}/${name}`);
        const pids = await arrange(planned.map(({ actions }, index) => actions.replaceAll('#', String(index))));
        const { pools, consistent } = await ledger();
        expect(consistent).toBe(true);
        for (const pool of pools) check(pool, planned, pids);
        if (!hasDoubts) expect(pools.flatMap(({ rows }) => rows.filter(({ kind }) => kind === 'undetermined'))).toEqual([]);
      });
      await fc.assert(property, { numRuns: ARRANGEMENTS, seed: SEED });
    });
  }, 180_000);
});
