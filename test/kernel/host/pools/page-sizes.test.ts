/** Acceptance case 12 for memfd and shmget (mmap: test/kernel/region/page-sizes.test.ts): pages of a size are as many of its pool. */
import { describe, expect, it } from 'vitest';
import { pools } from '../../../../lib/index.js';
import { startCli } from '../../../support/cli.js';
import { withCompiled } from '../../../support/compiler.js';
import { HUGE_PAGES } from '../../../support/page-sizes.js';
import { allCounters, delta, obtainable, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';

const SOURCE = new URL('hold.c', import.meta.url);

describe.each(HUGE_PAGES)('pages of %i bytes', (pageSize) => {
  const PAGES = obtainable({ pageSize, pages: 4 });
  const need = { pageSize, pages: PAGES };
  requires({ pool: need, compiler: true }).describe('of a program', () => {
    withPool(need);

    it.each(['memfd', 'shmget'])('by way of %s are as many of that pool, and none of another', async (source) => {
      const before = allCounters();
      await withCompiled(SOURCE, [], async (program) => {
        const run = startCli([source, pageSize, PAGES].map(String), { command: [program] });
        await run.until('holding');
        expect(delta(before)).toEqual({ [pageSize]: { free: -PAGES } });
        // The same in the library's own counters.
        expect(pools().filter(({ total, free }) => free < total)).toMatchObject([{ pageSize, total: PAGES, free: 0 }]);
        run.child.kill('SIGKILL');
        await run.result;
      });
      expect(delta(before)).toEqual({});
    });
  });
});
