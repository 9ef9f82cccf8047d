/** Acceptance case 15, and what a pool without a spare page must stand: many rounds, no signal, counters equal. */
import { expect, it } from 'vitest';
import { runChild } from '../../support/child.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const ROUNDS = Number(process.env['HUGEPAGES_REFILL_ROUNDS'] ?? 4_000);
const RACES = 10_000;
const ONE = { pageSize: H, pages: 1 };
const FOUR = { pageSize: H, pages: 4 };
const KINDS = [{ source: 'memfd' }, { source: 'sysv' }, { shared: false }] as const;

requires({ pool: ONE }).describe('one page that a thread discards and another takes', () => {
  withPool(ONE);

  it.each(KINDS)('%o', async (options) => {
    const program = new URL('children/discard-race.mjs', import.meta.url);
    const { code, signal, stderr, json } = await runChild(program, [RACES, JSON.stringify(options)]);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
    const { codes, ...did } = json as { codes: string[] };
    expect(did).toEqual({ freed: true, taken: true });
    // A page that is on its way back may not be there yet.
    expect(['ERR_HUGEPAGES_POPULATE', undefined]).toContain(codes[0]);
  });
});

requires({ pool: FOUR }).describe('a pool without a spare page', () => {
  withPool(FOUR);

  it.each(KINDS)('%o', async (options) => {
    const program = new URL('children/refill-rounds.mjs', import.meta.url);
    const { code, signal, stderr, json } = await runChild(program, [ROUNDS, JSON.stringify(options)], { timeout: 600_000 });
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
    expect(json).toMatchObject({ holes: 0 });
  }, 600_000);
});
