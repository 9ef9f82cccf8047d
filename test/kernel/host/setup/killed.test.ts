/** Kill -9 at any moment of a setup or an undo: running it again reaches the wanted state, and undo returns to the first one. */
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readMachine } from '../../../support/machine-settings.mjs';
import { withOwnEtc } from '../../../support/own-etc.js';
import type { OwnEtc } from '../../../support/own-etc.js';
import { HUGE_PAGE } from '../../../support/page-sizes.js';
import { requires } from '../../../support/requirements.js';

const ROUNDS = 25;
const SIZE = String(HUGE_PAGE);

/** Starts it, and kills it somewhere in the time that it takes; which moments those are does not matter. */
async function killWithin(own: OwnEtc, args: readonly string[], milliseconds: number): Promise<void> {
  const run = own.start(args);
  await delay(milliseconds);
  run.child.kill('SIGKILL');
  await run.result;
}

async function millisecondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

requires({ pool: { pageSize: HUGE_PAGE, pages: 1100 }, thp: true }).describe('hugepages setup that is killed', () => {
  const own = withOwnEtc();
  const theirs = (): string => `${own.directory}/theirs`;
  const state = (): unknown => [readMachine(), own.files(), own.mounts(), own.inside('stat', '-c', '%u', theirs())];

  it('is completed by the next one, or taken back', async () => {
    const plan = ['--pool', `${SIZE}=1000`, '--overcommit', `${SIZE}=4`, '--shm-group', '4711', '--thp', 'always'];
    plan.push('--mount', `${own.directory}/mnt/huge,uid=65534,min_size=${String(2 * HUGE_PAGE)}`);
    plan.push('--mount', `${theirs()},uid=65534`);
    mkdirSync(theirs());
    own.inside('mount', '-t', 'hugetlbfs', '-o', `pagesize=${SIZE}`, 'hugetlbfs', theirs());
    const first = state();
    const duration = await millisecondsOf(() => own.setup(...plan));
    const wanted = state();
    const undoDuration = await millisecondsOf(() => own.setup('--undo'));
    expect(state()).toEqual(first);

    let cut = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await killWithin(own, plan, Math.random() * duration);
      if (JSON.stringify(own.files()) !== JSON.stringify((first as unknown[])[1])) cut++;
      if (round % 3 !== 0) {
        expect((await own.setup(...plan)).code).toBe(0);
        expect(state()).toEqual(wanted);
        await killWithin(own, ['--undo'], Math.random() * undoDuration);
      }
      expect(await own.setup('--undo')).toMatchObject({ code: 0, stderr: '' });
      expect(state()).toEqual(first);
    }
    own.inside('umount', theirs());
    // Otherwise none was killed in the middle.
    expect(cut).toBeGreaterThan(0);
  }, 300_000);
});
