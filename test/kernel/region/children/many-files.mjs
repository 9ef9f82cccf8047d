/** Opens files until the process may have no more, and prints the errors of what needs one then. */
import { Region, allocateSync, explain } from 'hugepages';

const options = (kind) => ({ size: 1, backing: [kind], source: 'memfd', prefault: false });
explain(options('hugetlb')); // page sizes are read once

function refusal() {
  for (;;) {
    try {
      regions.push(allocateSync(options('base')));
    } catch (error) {
      return error;
    }
  }
}

async function rejection(promise) {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

function thrown(call) {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

const regions = [];
const errors = [
  refusal(),
  thrown(() => allocateSync(options('hugetlb'))),
  thrown(() => regions[0].backing),
  await rejection(Region.receive(`\0hugepages-${process.pid}`, { timeout: 1 })),
  await rejection(regions[0].sendTo(`\0hugepages-${process.pid}`, { timeout: 1 })),
];
for (const region of regions) region.dispose();
allocateSync(options('base')).dispose();
const told = errors.map(({ code, errno, syscall, message, remedy }) => ({ code, errno, syscall, message, remedy }));
console.log(JSON.stringify(told));
