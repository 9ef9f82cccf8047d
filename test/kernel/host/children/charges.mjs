/** Maps, populates and disposes a region, and prints what its cgroup is charged after each, which the files have to confirm. */
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { allocateSync, cgroupLimits } from 'hugepages';

const [pageSize, pages, shared, reserve] = process.argv.slice(2).map((text) => JSON.parse(text));

function charges() {
  const { levels } = cgroupLimits().hugetlb.find((limits) => limits.pageSize === pageSize);
  const [{ directory, usage, reservedUsage }] = levels;
  const file = (name) => Number(readFileSync(`${directory}/hugetlb.${pageSize / 2 ** 20}MB.${name}`, 'utf8'));
  assert.deepEqual({ usage, reservedUsage }, { usage: file('current'), reservedUsage: file('rsvd.current') });
  return { usage, reservedUsage };
}

const region = allocateSync({ size: pages * pageSize, backing: ['hugetlb'], prefault: false, shared, reserve });
const mapped = charges();
await region.prefault({ threads: 1 });
const populated = charges();
region.dispose();
console.log(JSON.stringify({ mapped, populated, disposed: charges() }));
