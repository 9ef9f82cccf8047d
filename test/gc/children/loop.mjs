/** Allocates and disposes very often, and prints what the process held before and after. */
import { readFileSync, readdirSync } from 'node:fs';
import { allocateSync, pool } from 'hugepages';
import { collectUntil, ticks } from '../../support/gc.mjs';

const [backing, use] = process.argv.slice(2);
const [warmUp, rounds] = process.argv.slice(4).map(Number);
const BETWEEN_TICKS = 500;

const options = { size: '2MiB', backing: [backing], prefault: false };

async function loop(count) {
  for (let i = 0; i < count; i++) {
    const region = allocateSync(options);
    if (use !== 'nothing') new Uint8Array(region.buffer())[i % region.byteLength] = 1;
    region.dispose();
    if (use === 'buffer, ticks' && i % BETWEEN_TICKS === 0) await ticks();
  }
}

async function holdings() {
  await collectUntil(() => false); // a fixed number of collections: the same state of the heap each time
  const maps = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return {
    rss: process.memoryUsage.rss(),
    descriptors: readdirSync('/proc/self/fd').length,
    mappings: maps.length,
    regions: maps.filter((line) => /hugepages-|anon_hugepage/.test(line)).length,
    pool: pool('2MiB'),
  };
}

// Twice: V8 grows most the first time, and somewhat more the second.
for (let i = 0; i < 2; i++) await loop(warmUp);
const before = await holdings();
await loop(rounds);
console.log(JSON.stringify({ before, after: await holdings() }));
