/** 10,000 resizes leak no addresses, descriptors or pages. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import type { AllocateSyncOptions } from '../../../lib/index.js';
import { native } from '../../../lib/native.js';
import { BASE_PAGE as P, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const ROUNDS = 10_000;
const POOL = { pageSize: H, pages: 4 };

function mappings(): number {
  return readFileSync('/proc/self/maps', 'utf8').split('\n').length;
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

async function expectNothingLeft(page: number, options: Omit<AllocateSyncOptions, 'size'>): Promise<void> {
  const pools = allCounters();
  const region = allocateSync({ size: page, ...options });
  const before = { mappings: mappings(), descriptors: descriptors(), regions: native.stats().regions };
  for (let round = 0; round < ROUNDS; round++) {
    const pages = 1 + (round % 3);
    region.resize(pages * page);
    const bytes = region.bytes();
    if (bytes[0] !== round % 256) throw new Error(`round ${String(round)}: lost its content`);
    bytes[0] = (round + 1) % 256;
    if (round % 100 === 0) await new Promise(setImmediate); // what was detached is finalized
  }
  region.resize(page);
  await new Promise(setImmediate);
  // V8 maps and unmaps memory of its own meanwhile.
  expect(mappings() - before.mappings).toBeLessThan(ROUNDS / 50);
  expect({ descriptors: descriptors(), regions: native.stats().regions }).toEqual({
    descriptors: before.descriptors,
    regions: before.regions,
  });
  region.dispose();
  expect(delta(pools)).toEqual({});
}

it.each<Omit<AllocateSyncOptions, 'size'>>([{ backing: ['base'] }, { backing: ['base'], source: 'memfd' }])(
  '%o is resized 10,000 times',
  (options) => expectNothingLeft(P, options),
);

requires({ root: true, pool: POOL }).describe('on hugetlb pages', () => {
  withPool(POOL);

  it('a memfd is resized 10,000 times', () => expectNothingLeft(H, { backing: ['hugetlb'], source: 'memfd' }));
});
