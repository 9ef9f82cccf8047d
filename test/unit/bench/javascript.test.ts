/** What JavaScript accesses: the lines that the addon does. */
import { expect, it } from 'vitest';
import { LINE } from '../../../lib/bench/chase.js';
import { accessor, isViewable } from '../../../lib/bench/javascript.js';
import { Session, parsePlan } from '../../../lib/bench/session.js';
import { layChase } from '../../../lib/index.js';
import { MAX_BUFFER_BYTES } from '../../../lib/region/views.js';

const LINES = 64;
const WORDS = LINE / 4;
const newWords = (): Uint32Array => new Uint32Array(LINES * WORDS).fill(7);
const linesThatAre = (words: Uint32Array, value: number): number[] =>
  [...Array(LINES).keys()].filter((line) => words.subarray(line * WORDS, (line + 1) * WORDS).includes(value));

it('write stores to each word of so many lines, and begins again after the last', () => {
  const words = newWords();
  const write = accessor(words, 'write');
  write(3);
  expect(words.indexOf(7)).toBe(3 * WORDS);
  write(LINES - 3);
  expect(words.includes(7)).toBe(false);
  words.fill(7);
  write(1);
  expect(linesThatAre(words, 0)).toEqual([0]);
});

it('scatter stores to one word of random lines', () => {
  const words = newWords();
  accessor(words, 'scatter')(20);
  const stored = linesThatAre(words, 0);
  expect(stored.length).toBeGreaterThan(10);
  expect(stored.length).toBeLessThanOrEqual(20);
  expect(words.filter((word) => word === 0)).toHaveLength(stored.length);
});

it.each(['read', 'gather', 'wander', 'chase'] as const)('%s reads, also around the end, and stores nothing', (pattern) => {
  const words = newWords();
  layChase(words, { stride: LINE });
  const before = words.slice();
  accessor(words, pattern)(3 * LINES + 1);
  expect(words).toEqual(before);
});

it('what is too large for an ArrayBuffer is noted', () => {
  const session = new Session('test', parsePlan({}, [], 1)[0]);
  expect([MAX_BUFFER_BYTES, 2 * MAX_BUFFER_BYTES].map((bytes) => isViewable(bytes, session))).toEqual([true, false]);
  session.step('nothing');
  expect(session.result({}, []).notes.filter((note) => note.startsWith('JavaScript on'))).toHaveLength(1);
});
