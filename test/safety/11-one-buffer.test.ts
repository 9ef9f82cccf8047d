/** Rule 11: many external ArrayBuffers cost major collections. All views of a region lie over one, which costs none. */
import { expect, it } from 'vitest';
import { allocateSync } from '../../lib/index.js';
import { native } from '../../lib/native.js';
import { collectUntil } from '../support/gc.mjs';
import { BASE_PAGE } from '../support/page-sizes.js';

it('rule 11: 30,000 views make one ArrayBuffer', async () => {
  expect(await collectUntil(() => native.stats().views === 0)).toBe(true);
  using region = allocateSync({ size: 10_000 * BASE_PAGE, backing: ['base'], prefault: false });
  const views = Array.from({ length: 10_000 }, (_, i) => [
    region.bytes(i * BASE_PAGE, BASE_PAGE),
    region.view(Float64Array, i * BASE_PAGE, 1),
    region.view(DataView, i * BASE_PAGE),
  ]);
  expect(native.stats().views).toBe(1);
  expect(new Set(views.flat().map(({ buffer }) => buffer))).toEqual(new Set([region.buffer()]));
  expect(native.stats().views).toBe(1);
});
