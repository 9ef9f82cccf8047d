/** What a benchmark cannot have is noted, or an error that says what to do. */
import { expect, it } from 'vitest';
import { Memories } from '../../../lib/bench/memories.js';
import { ask } from '../../../lib/bench/sample.js';
import { Session, parsePlan } from '../../../lib/bench/session.js';
import { GiB } from '../../../lib/units.js';
import { BASE, THP } from '../../support/bench-results.js';
import { errorOf, rejectionOf } from '../../support/thrown.js';

const TOO_MUCH = 2 ** 16 * GiB;

function newSession(): { session: Session; notes: () => readonly string[] } {
  const session = new Session('test', parsePlan({}, [], 1)[0]);
  session.step('nothing');
  return { session, notes: () => session.result({}, []).notes };
}

it('a thread that may not be pinned is noted, once', async () => {
  const { session, notes } = newSession();
  const unpinned = { nanoseconds: Float64Array.of(1), clock: 1, pinErrno: -1, counts: new Float64Array(), countErrnos: new Int32Array() };
  for (let round = 0; round < 2; round++) {
    await ask('It', session, (done) => {
      done(undefined, unpinned);
      return 0;
    });
  }
  expect(notes().filter((note) => note.includes('could not be kept on one CPU (EPERM)'))).toHaveLength(1);
});

it('too little memory for base pages is an error, before any is taken; for other kinds it is noted', async () => {
  const { session, notes } = newSession();
  const memories = new Memories(session);
  const refused = { code: 'ERR_HUGEPAGES_NO_MEMORY', remedy: 'Measure on less memory' };
  expect(await rejectionOf(memories.take(TOO_MUCH, { backings: [BASE] }))).toMatchObject(refused);
  expect(errorOf(() => memories.obtain(THP, TOO_MUCH))).toMatchObject(refused);
  expect(await memories.take(TOO_MUCH, { backings: [THP] })).toEqual([]);
  expect(notes()).toContainEqual(expect.stringMatching(/^THP 2MiB: not measured\. There is .* available, and 64TiB are wanted\. Measure/));
  memories.dispose();
});
