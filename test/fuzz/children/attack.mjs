/** What the programs that call with hostile arguments have in common: the loop, what may come out of a call, and what may be left. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { pools } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';
import { Thrown } from './hostile.mjs';

/** Each code with the class of its errors. */
const CLASSES = [
  [/^ERR_(INVALID_ARG_TYPE|INVALID_ARG_VALUE|INVALID_THIS|ILLEGAL_CONSTRUCTOR)$/, 'TypeError'],
  [/^ERR_OUT_OF_RANGE$/, 'RangeError'],
  [/^ABORT_ERR$/, 'AbortError'],
];

/** @param ownName - of errors with a code of the library's own */
export function checkTyped(error, ownName) {
  if (error instanceof Thrown) return;
  assert(error instanceof Error, `not an Error: ${String(error)}`);
  const classes = [...CLASSES, [/^ERR_HUGEPAGES_[A-Z_]+$/, ownName]];
  const [, name] = classes.find(([code]) => code.test(error.code)) ?? [];
  assert.equal(error.name, name, `${error.code}: ${error.stack}`);
}

function holdings() {
  const maps = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return {
    pools: pools(),
    descriptors: readdirSync('/proc/self/fd').length,
    regions: maps.filter((line) => /hugepages-|anon_hugepage/.test(line)).length,
  };
}

/**
 * Attacks with calls that `arbitrary` makes up, and checks that nothing is left behind.
 *
 * @param attack - makes one call and checks what comes out of it
 */
export async function run(arbitrary, attack) {
  const [calls, seed] = process.argv.slice(2).map(Number);
  const before = holdings();
  const outcomes = { returned: 0, threw: 0 };
  const property = fc.asyncProperty(arbitrary, async (call) => {
    outcomes[await attack(call)]++;
  });
  await fc.assert(property, { seed, numRuns: calls });
  await collectUntil(() => isDeepStrictEqual(holdings(), before));
  assert.deepEqual(holdings(), before);
  console.log(JSON.stringify(outcomes));
}
