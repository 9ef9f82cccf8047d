/** Acceptance case 24: 32 processes race for a pool half of their sum, over all sources. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { mount } from '../../../lib/index.js';
import { withHolders } from '../../support/holders.js';
import { withMountDirectory } from '../../support/mounts.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const CHILD = fileURLToPath(new URL('children/race.mjs', import.meta.url));
const RACERS = 32;
const SHARE = 3;
const POOL = { pageSize: H, pages: (RACERS * SHARE) / 2 };
const SOURCES = ['anonymous', 'memfd', 'file', 'sysv'] as const;

requires({ pool: POOL }).describe('processes that race for a pool', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  const racers = withHolders();

  it('each has all that it asked for, or a coded error', async () => {
    mount({ path: directory.path('m') });
    const before = allCounters();
    const options = (racer: number): unknown => {
      const source = SOURCES[racer % SOURCES.length];
      const path = source === 'file' ? { path: directory.path('m') } : {};
      return { size: SHARE * H, backing: ['hugetlb'], source, shared: source !== 'anonymous', ...path };
    };
    const start = (_: unknown, racer: number): Promise<Awaited<ReturnType<typeof racers.start>>> =>
      racers.start([process.execPath, CHILD, JSON.stringify(options(racer))]);
    const children = await Promise.all(Array.from({ length: RACERS }, start));
    const answers = children.map(async ({ stdin, stdout }) => {
      if (stdin === null || stdout === null) throw new Error('both are pipes');
      const answer = once(stdout, 'data');
      stdin.write('go\n');
      return JSON.parse(String((await answer)[0])) as { bytes: number; code?: string };
    });
    const got = await Promise.all(answers);
    const winners = got.filter(({ bytes }) => bytes === SHARE * H);
    const losers = got.filter(({ bytes, code }) => bytes === 0 && code === 'ERR_HUGEPAGES_NO_MEMORY');
    expect([winners.length, losers.length]).toEqual([RACERS / 2, RACERS / 2]);
    expect(delta(before)).toEqual({ [H]: { free: -POOL.pages } });
    const ended = children.map((child) => once(child, 'exit'));
    for (const { stdin } of children) stdin?.write('end\n');
    expect(await Promise.all(ended)).toEqual(Array(RACERS).fill([0, null]));
    expect(delta(before)).toEqual({});
  });
});
