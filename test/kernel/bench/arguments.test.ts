/** Wrong options of the benchmarks: an error before anything is measured. */
import { expect, it } from 'vitest';
import { benchAccess, benchAdvise, benchFork, benchPrefault, benchShare, benchTlb } from '../../../lib/index.js';
import { BAD_NUMBERS, NONSENSE, NOT_BOOLEANS, NOT_NUMBERS, expectArgumentError, isNoObject } from '../../support/hostile.js';
import { allCounters, delta } from '../../support/pool.js';
import { rejectionOf } from '../../support/thrown.js';

type Measure = (options: never) => Promise<unknown>;
const MEASURES: [string, Measure, object][] = [
  ['benchTlb', benchTlb, {}],
  ['benchAdvise', benchAdvise, { pattern: 'random', bytes: 2 ** 21 }],
  ['benchPrefault', benchPrefault, {}],
  ['benchFork', benchFork, {}],
  ['benchAccess', benchAccess, {}],
  ['benchShare', benchShare, {}],
];

it.each(MEASURES)('%s', async (_, measure, needed) => {
  const before = allCounters();
  const refused = async (options: unknown, value: unknown): Promise<void> =>
    expectArgumentError(await rejectionOf(measure(options as never)), value);
  for (const value of NONSENSE.filter(isNoObject)) await refused(value, value);
  for (const value of [...BAD_NUMBERS, 0, 1001, ...NOT_NUMBERS]) await refused({ ...needed, rounds: value }, value);
  for (const value of [...BAD_NUMBERS, 0, 4096, 2 ** 35, ...NONSENSE]) await refused({ ...needed, bytes: value }, value);
  for (const value of NOT_BOOLEANS) await refused({ ...needed, growPools: value }, value);
  for (const value of NONSENSE) await refused({ ...needed, signal: value }, value);
  for (const value of [...NONSENSE.filter((one) => typeof one !== 'function'), 1, ''])
    await refused({ ...needed, onProgress: value }, value);
  await refused({ ...needed, byte: 1 }, 'byte');
  expect(delta(before)).toEqual({});
});

it('benchTlb: javascript is a boolean', async () => {
  for (const value of NOT_BOOLEANS) expectArgumentError(await rejectionOf(benchTlb({ javascript: value as boolean })), value);
});

it('benchAdvise: a pattern that there is, and a stride that is a power of two', async () => {
  const bytes = 2 ** 21;
  for (const value of [...NONSENSE, 'sequential', '', undefined]) {
    expectArgumentError(await rejectionOf(benchAdvise({ pattern: value as 'random', bytes })), value);
  }
  for (const value of [...BAD_NUMBERS, 0, 32, 96, 2 ** 22, ...NONSENSE]) {
    expectArgumentError(await rejectionOf(benchAdvise({ pattern: 'stride', bytes, stride: value as number })), value);
  }
  expectArgumentError(await rejectionOf(benchAdvise({ pattern: 'random' } as never)), 'no bytes');
});
