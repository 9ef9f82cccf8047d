/** Killed at any moment of a change: the same change reaches the wanted state, restore() the first. */
import { existsSync, readdirSync } from 'node:fs';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { restore, setPoolSync } from '../../../../lib/index.js';
import { startChild } from '../../../support/child.js';
import { startCli } from '../../../support/cli.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { counters, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';

const CHILD = new URL('children/set-pool.mjs', import.meta.url);
const JOURNAL = '/run/hugepages';
const KILLS = 10;
// About every second signal comes when the change is done already, and of a fast machine's more.
const MOST_KILLS = 20 * KILLS;
const FEW = 4;
const MANY = 516;

function notes(): number {
  return existsSync(JOURNAL) ? readdirSync(JOURNAL).length : 0;
}

/** From the first note in the journal until the change is done takes a few milliseconds. */
async function killWhileSetting(pages: number): Promise<void> {
  const run = startChild(CHILD, [H, pages]);
  while (run.child.exitCode === null && !existsSync(JOURNAL)) await setImmediate();
  await delay(Math.random() * 10);
  run.child.kill('SIGKILL');
  await run.result;
}

requires({ pool: { pageSize: H, pages: MANY } }).describe('a pool whose change was killed', () => {
  withPool({ pageSize: H, pages: FEW });

  it.each([
    ['grows', FEW, MANY],
    ['shrinks', MANY, FEW],
  ])(`%s to the wanted size when it is changed again, and restore() leaves it there: ${String(KILLS)} times`, async (_, from, to) => {
    for (let kills = 0; kills < KILLS; kills++) {
      setPoolSync({ pageSize: H, pages: from });
      await killWhileSetting(to);
      setPoolSync({ pageSize: H, pages: to });
      expect(restore()).toEqual([]);
      expect(counters(H).total).toBe(to);
    }
    setPoolSync({ pageSize: H, pages: FEW });
  });

  it('is as it was after restore(), also when that was killed', async () => {
    let left = 0;
    for (let kills = 0; left < KILLS && kills < MOST_KILLS; kills++) {
      await killWhileSetting(MANY);
      if (notes() === 0) {
        // It was done before the signal came, if not yet with the directory.
        expect([FEW, MANY]).toContain(counters(H).total);
      } else {
        left++;
        const restoring = startCli(['restore']);
        await delay(Math.random() * 100);
        restoring.child.kill('SIGKILL');
        await restoring.result;
        restore();
        expect(counters(H).total).toBe(FEW);
        expect(existsSync(JOURNAL)).toBe(false);
      }
      restore();
      setPoolSync({ pageSize: H, pages: FEW });
    }
    expect(left).toBeGreaterThan(0);
  });
});
