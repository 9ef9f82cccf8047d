/**
 * Rule 7: V8 accounts an external ArrayBuffer by itself. Subtracting what was never added, and detaching a buffer that
 * markAsUntransferable() was called on, end the process on Node 24 and later.
 */
import { expect, it } from 'vitest';
import { runChild } from '../support/child.js';

// Ordinary buffers of the runtime, which come and go.
const SLACK = 2 ** 20;

it('rule 7: buffers are accounted once and given back once', async () => {
  const { json, ...ended } = await runChild(new URL('children/accounting.mjs', import.meta.url), [], { nodeArgs: ['--expose-gc'] });
  expect(ended, ended.stderr).toMatchObject({ code: 0, signal: null });
  const { size, held, left } = json as { size: number; held: number; left: number };
  expect(Math.abs(held - size)).toBeLessThan(SLACK);
  expect(Math.abs(left)).toBeLessThan(SLACK);
});
