// A TLB experiment to change: the latency of loads that each need the one before, one cache line in every page, on base pages and on huge
// pages. Where the figures part, the TLB has no entries left.
// Run: node examples/tlb-experiment.ts    (Node.js 22.18 or newer; before that: npx tsx examples/tlb-experiment.ts)
import { allocate, followChase, layChase } from 'hugepages';
import type { BackingKind, Region } from 'hugepages';

// Things to try: another stride, such as 64 (lines side by side: what caches alone cost) or 2 ** 21 (one line in each huge page); more
// memory; ['hugetlb'] in the place of ['thp'], once the pool has pages: sudo npx hugepages pool grow 2MiB 64.
const BYTES = 2 ** 27;
const STRIDE = 4096;
const KINDS: readonly BackingKind[] = ['base', 'thp'];
const ROUNDS = 5;
const STEPS = 100_000;

/** Nanoseconds of one load. */
function measure(words: Uint32Array, count: number): number {
  layChase(words, { stride: STRIDE, count }); // each line holds where the next one is, in random order
  const start = followChase(words, count); // a lap, so that the caches hold what they can
  const samples = Array.from({ length: ROUNDS }, () => {
    const begin = process.hrtime.bigint();
    followChase(words, STEPS, start);
    return Number(process.hrtime.bigint() - begin) / STEPS;
  });
  return samples.sort((a, b) => a - b)[ROUNDS >> 1] ?? NaN; // the median: others use this machine, too
}

async function allocateAll(): Promise<Region[]> {
  const regions: Region[] = [];
  for (const kind of KINDS) {
    try {
      regions.push(await allocate({ size: BYTES, backing: [kind] }));
    } catch (error) {
      console.log(`no ${kind} pages: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return regions;
}

const regions = await allocateAll();
for (const region of regions) measure(region.view(Uint32Array), 16); // compiled by then
const titles = regions.map(({ backing }) => `${backing.kind} ${String(backing.pageSize / 1024)} KiB`.padStart(14));
console.log('lines'.padStart(8) + titles.join(''));
for (let count = 16; count <= BYTES / STRIDE; count *= 4) {
  const row = regions.map((region) => `${measure(region.view(Uint32Array), count).toFixed(2)} ns`.padStart(14));
  console.log(String(count).padStart(8) + row.join(''));
}
for (const region of regions) region.dispose();
