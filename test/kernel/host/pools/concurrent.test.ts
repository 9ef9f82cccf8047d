/** Changes of a pool that others use and change at the same time. */
import { expect, it } from 'vitest';
import { growPool, setPool, setPoolSync } from '../../../../lib/index.js';
import { runChild } from '../../../support/child.js';
import { startCli } from '../../../support/cli.js';
import { withCompiled } from '../../../support/compiler.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { allCounters, counters, delta, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';

const ABORTED = new URL('children/aborted-growths.mjs', import.meta.url);
const CHURN = new URL('churn.c', import.meta.url);
const need = { pageSize: H, pages: 4 };
const PROGRAMS = 4;
const TIMES = 12;
const CHANGES = 60;

requires({ pool: { pageSize: H, pages: 300 } }).describe('a pool that several programs change at once', () => {
  withPool(need);

  it(`is as it was when all of them have put their growth back: ${String(PROGRAMS)} programs, ${String(TIMES)} times`, async () => {
    const before = allCounters();
    const results = await Promise.all(Array.from({ length: PROGRAMS }, () => runChild(ABORTED, [H, TIMES])));
    for (const result of results) expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(delta(before)).toEqual({});
  });

  it('is changed by one call after the other, and not by one that would wait for its own thread', async () => {
    const both = [6, 8].map((freePages) => growPool({ pageSize: H, freePages }));
    expect(setPoolSync({ pageSize: H, pages: 5 })).toMatchObject({ granted: 5 });
    await Promise.all(both);
    expect(counters(H).total).toBe(8);
    await setPool({ pageSize: H, pages: 4 });
  });
});

requires({ pool: { pageSize: H, pages: 20 }, compiler: true }).describe('a pool of which surplus pages come and go', () => {
  withPool(need);

  it(`is counted exactly, and nobody is blamed: ${String(CHANGES)} changes`, async () => {
    await setPool({ pageSize: H, overcommit: 20 });
    await withCompiled(CHURN, [], async (program) => {
      const run = startCli([String(H), '10'], { command: [program] });
      await run.until('churning');
      for (let change = 0; change < CHANGES; change++) {
        const [before, requested] = change % 2 === 0 ? [4, 6] : [6, 4];
        const result = setPoolSync({ pageSize: H, pages: requested, allowSurplus: true });
        expect(result).toMatchObject({ before, requested, granted: requested, interference: [] });
      }
      run.child.kill('SIGKILL');
      await run.result;
    });
    await setPool({ pageSize: H, overcommit: 0 });
  });
});
