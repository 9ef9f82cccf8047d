/** A processor without pages of 1 GiB. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allocate, doctor, explain, pools, setPool, setup } from 'hugepages';
import { GiB, MiB } from './nodes.mjs';

const REMEDY = /no pdpe1gb/;

test('only the pool of 2 MiB pages is there', () => {
  assert.doesNotMatch(readFileSync('/proc/cpuinfo', 'utf8'), /\bpdpe1gb\b/);
  assert.deepEqual(pools().map(({ pageSize }) => pageSize), [2 * MiB]);
});

test('a pool of 1 GiB pages is refused, and the processor named as the reason', async () => {
  const refused = { code: 'ERR_HUGEPAGES_PAGE_SIZE', remedy: REMEDY };
  await assert.rejects(setPool({ pageSize: GiB, pages: 1 }), refused);
  await assert.rejects(setup({ pools: [{ pageSize: GiB, pages: 1 }] }), refused);
});

test('an allocation of 1 GiB pages is refused as explain() says', async () => {
  const options = { size: GiB, pageSize: GiB };
  const { possible, candidates } = explain(options);
  assert.equal(possible, false);
  assert.deepEqual(candidates[0].reasons.map(({ code }) => code), ['no-such-page-size']);
  await assert.rejects(allocate(options), { code: 'ERR_HUGEPAGES_PAGE_SIZE' });
});

test('doctor() does not advise what the processor lacks', () => {
  assert.deepEqual(doctor().filter(({ id }) => id === 'gigantic-pages'), []);
});
