/** Kill -9 and ^C at any moment of a setup or an undo: running it again reaches the wanted state, and undo returns to the first one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CliResult } from '../../../support/cli.js';
import { readMachine } from '../../../support/machine-settings.mjs';
import { withOwnEtc } from '../../../support/own-etc.js';
import type { OwnEtc } from '../../../support/own-etc.js';
import { HUGE_PAGE } from '../../../support/page-sizes.js';
import { requires } from '../../../support/requirements.js';

const ROUNDS = 25;
// Most signals come before the changes begin.
const MOST_ROUNDS = 10 * ROUNDS;
const SIZE = String(HUGE_PAGE);

/** Starts it, and ends it somewhere in the time that it takes; which moments those are does not matter. */
async function endWithin(own: OwnEtc, signal: NodeJS.Signals, args: readonly string[], milliseconds: number): Promise<CliResult> {
  const run = own.start(args);
  await delay(milliseconds);
  run.child.kill(signal);
  return run.result;
}

async function millisecondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

requires({ pool: { pageSize: HUGE_PAGE, pages: 1100 }, thp: true }).describe('hugepages setup that is killed', () => {
  const own = withOwnEtc();
  const theirs = (): string => `${own.directory}/theirs`;
  const record = (): string => `${own.directory}/var/lib/hugepages/setup.json`;
  const changed = (): unknown => {
    const files = Object.entries(own.files()).filter(([path]) => !path.includes('/var/lib/'));
    return [readMachine(), files, own.mounts(), own.inside('stat', '-c', '%u', theirs())];
  };
  const state = (): unknown => [changed(), own.files()];
  const plan = (): string[] => [
    ...['--pool', `${SIZE}=1000`, '--overcommit', `${SIZE}=4`, '--shm-group', '4711', '--thp', 'always'],
    ...['--mount', `${own.directory}/mnt/huge,uid=65534,min_size=${String(2 * HUGE_PAGE)}`],
    ...['--mount', `${theirs()},uid=65534`],
  ];

  beforeAll(() => {
    mkdirSync(theirs());
    own.inside('mount', '-t', 'hugetlbfs', '-o', `pagesize=${SIZE}`, 'hugetlbfs', theirs());
  });
  afterAll(() => {
    own.inside('umount', theirs());
  });

  it('is completed by the next one, or taken back', async () => {
    const [first, firstChanges] = [state(), changed()];
    const duration = await millisecondsOf(() => own.setup(...plan()));
    const [wanted, wantedChanges] = [state(), changed()];
    const undoDuration = await millisecondsOf(() => own.setup('--undo'));
    expect(state()).toEqual(first);

    let cut = 0;
    for (let round = 0; round < ROUNDS || (cut === 0 && round < MOST_ROUNDS); round++) {
      await endWithin(own, 'SIGKILL', plan(), Math.random() * duration);
      if (![firstChanges, wantedChanges].some((whole) => isDeepStrictEqual(whole, changed()))) {
        cut++;
        expect(JSON.parse(readFileSync(record(), 'utf8'))).toMatchObject({ unfinished: true });
      }
      if (round % 3 !== 0) {
        expect((await own.setup(...plan())).code).toBe(0);
        expect(state()).toEqual(wanted);
        await endWithin(own, 'SIGKILL', ['--undo'], Math.random() * undoDuration);
      }
      expect(await own.setup('--undo')).toMatchObject({ code: 0, stderr: '' });
      expect(state()).toEqual(first);
    }
    // Otherwise none was killed in the middle.
    expect(cut).toBeGreaterThan(0);
  }, 300_000);

  it('is as it was, or as it shall be, when it is interrupted', async () => {
    const first = state();
    const duration = await millisecondsOf(() => own.setup(...plan()));
    const wanted = state();
    await own.setup('--undo');
    let interrupted = 0;
    for (let round = 0; round < MOST_ROUNDS && interrupted < 4; round++) {
      const undoes = round % 2 === 1;
      if (undoes) await own.setup(...plan());
      const { code, stderr } = await endWithin(own, 'SIGTERM', undoes ? ['--undo'] : plan(), (0.4 + Math.random() * 0.6) * duration);
      const [before, after] = undoes ? [wanted, first] : [first, wanted];
      if (code === 143) {
        interrupted++;
        expect(stderr).toBe('hugepages: interrupted by SIGTERM: everything is as it was\n');
      }
      // The signal itself ends it before it begins, and when it is done.
      if (code === null) expect([before, after]).toContainEqual(state());
      else expect(state()).toEqual(code === 0 ? after : before);
      await own.setup('--undo');
    }
    expect(interrupted).toBeGreaterThan(0);
  }, 300_000);

  it('is named by restore until it is finished', async () => {
    const restore = async (): Promise<unknown> => {
      const { code, stdout } = await own.start(['--json'], 'restore').result;
      return { code, ...(JSON.parse(stdout) as object) };
    };
    await own.setup('--shm-group', '4711');
    expect(await restore()).toEqual({ code: 0, entries: [], unfinishedSetup: false });
    const finished = JSON.parse(readFileSync(record(), 'utf8')) as object;
    writeFileSync(record(), JSON.stringify({ ...finished, unfinished: true }));
    expect(await restore()).toEqual({ code: 1, entries: [], unfinishedSetup: true });
    await own.setup('--shm-group', '4711');
    expect(await restore()).toEqual({ code: 0, entries: [], unfinishedSetup: false });
    await own.setup('--undo');
  });
});
