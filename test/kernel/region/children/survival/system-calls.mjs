/** System calls and prefault() report a page that cannot be had; a touch then degrades it. */
import { readSync, openSync } from 'node:fs';
import { allocate } from 'hugepages';

const [pageSize] = process.argv.slice(2).map(Number);
const region = await allocate({ size: pageSize, backing: ['hugetlb'], reserve: false, prefault: false, onExhaustion: 'degrade' });
const zeros = openSync('/dev/zero');

async function outcome(call) {
  try {
    return await call();
  } catch ({ code }) {
    return code;
  }
}

const results = [];
results.push(await outcome(() => readSync(zeros, region.bytes(), 0, 100)));
results.push(await outcome(() => region.prefault()));
results.push(region.degraded.pages);
region.bytes()[5] = 6;
results.push(region.degraded.pages);
results.push(await outcome(() => readSync(zeros, region.bytes(), 0, 5)));
results.push(region.bytes()[5]);
console.log(JSON.stringify(results));
region.dispose();
