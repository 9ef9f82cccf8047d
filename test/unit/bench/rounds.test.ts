/** What is compared takes turns, and what fails is left out. */
import { expect, it } from 'vitest';
import { compareInTurn, inTurn } from '../../../lib/bench/rounds.js';
import type { Compared } from '../../../lib/bench/rounds.js';
import { Session, parsePlan } from '../../../lib/bench/session.js';
import { HugePagesError } from '../../../lib/index.js';
import { rejectionOf } from '../../support/thrown.js';

const session = (rounds: number): Session => new Session('test', parsePlan({ rounds }, [], 1)[0]);

function compared(name: string, take: Compared['take']): Compared {
  return { subject: { name, engine: 'native', parameter: { name: 'bytes', value: 1 }, unit: 'ns' }, take };
}

it('the order is the opposite one in every other round', async () => {
  const order: string[] = [];
  const side = (name: string) => (round: number) => order.push(`${name}${String(round)}`);
  await inTurn(session(3), 'what', [side('a'), side('b')]);
  expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
});

it('the first takes part twice: it is the noise floor of all', async () => {
  let taken = 0;
  const samples = [1, 1.25];
  const figures = await compareInTurn(session(1), 'what', [compared('a', () => samples[taken++] ?? NaN), compared('b', () => 5)]);
  expect(figures).toMatchObject([
    { name: 'a', samples: [1], noise: 0.25 },
    { name: 'b', samples: [5], noise: 0.25 },
  ]);
});

it.each([
  ['a', ['b', 'c'], undefined],
  ['b', ['a', 'c'], 0],
])('%s fails: it is noted once, and the others are there', async (failing, others, noise) => {
  const run = session(4);
  const take = (name: string) => (round: number) => {
    if (name === failing && round > 1) throw new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', 'It is gone');
    return 1;
  };
  const figures = await compareInTurn(run, 'what', ['a', 'b', 'c'].map((name) => compared(name, take(name))));
  expect(figures.map((figure) => [figure.name, figure.samples.length, figure.noise])).toEqual(others.map((name) => [name, 4, noise]));
  expect(run.result({}, figures).notes).toContain(`${failing}: not measured. It is gone`);
});

it('what is no failure of the machine ends it', async () => {
  const boom = new Error('boom');
  const fail = (): never => {
    throw boom;
  };
  expect(await rejectionOf(compareInTurn(session(1), 'what', [compared('a', fail)]))).toBe(boom);
});
