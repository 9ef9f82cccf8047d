/** Allocating and disposing 100,000 times leaves memory, descriptors, mappings and the pool as they were. */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';

interface Holdings {
  readonly rss: number;
  readonly descriptors: number;
  readonly mappings: number;
  readonly regions: number;
  readonly pool: unknown;
}

const CHILD = new URL('children/loop.mjs', import.meta.url);
const POOL = { pageSize: H, pages: 1 };

const MANY = 100_000;
// Nothing is finalized within one turn of the event loop, so memory rises with the rounds: the last time to where it was before.
const IN_ONE_TURN = 20_000;

// Bytes for each round: less than the addon's record of a region. V8 itself grows by some megabytes on its way to a steady state, most
// of all its young generation, which is kept from that.
const RSS_SLACK = 100;
const MAPPINGS_SLACK = 64;
const NODE_ARGS = ['--expose-gc', '--max-semi-space-size=1'];

// Populating 240,000 MiB takes a while on a busy machine.
const TIMEOUT_MS = 300_000;

requires({ hugetlb: [2 ** 21], pool: POOL }).describe('allocateSync() and dispose() leave nothing behind', () => {
  withPool(POOL);

  it.each([
    ['hugetlb', 'nothing', MANY / 10, MANY],
    ['base', 'nothing', MANY / 10, MANY],
    ['hugetlb', 'buffer, ticks', MANY / 10, MANY],
    ['base', 'buffer, ticks', MANY / 10, MANY],
    ['hugetlb', 'buffer', IN_ONE_TURN, IN_ONE_TURN],
    ['base', 'buffer', IN_ONE_TURN, IN_ONE_TURN],
  ])('%s pages, used: %s, twice %d and then %d times', { timeout: TIMEOUT_MS + 10_000 }, async (backing, use, warmUp, rounds) => {
    const options = { nodeArgs: NODE_ARGS, timeout: TIMEOUT_MS };
    const { json, ...ended } = await runChild(CHILD, [backing, use, warmUp, rounds], options);
    expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null, stderr: '' });
    const { before, after } = json as { before: Holdings; after: Holdings };
    const { descriptors, regions, pool } = before;
    expect(after).toMatchObject({ descriptors, regions, pool });
    expect(after.mappings - before.mappings).toBeLessThan(MAPPINGS_SLACK);
    expect(after.rss - before.rss).toBeLessThan(RSS_SLACK * rounds);
  });
});
