/** Regions with degraded pages that are to be resized: refused while there are any, and afterwards they survive at their new size. */
import { allocateSync } from 'hugepages';

const [pageSize, pages] = process.argv.slice(2).map(Number);
const after = pages * pageSize;
const options = { backing: ['hugetlb'], source: process.argv[4], reserve: false, prefault: false, onExhaustion: 'degrade' };

const region = allocateSync({ ...options, size: 3 * pageSize });
const events = [];
region.on('degraded', ({ offset, missed }) => events.push([offset / pageSize, missed]));
const marks = () => Array.from({ length: region.byteLength / pageSize }, (_, page) => region.bytes()[page * pageSize]);
const codeOf = (call) => {
  try {
    return call();
  } catch ({ code }) {
    return code;
  }
};

function touch() {
  const bytes = region.bytes();
  for (let offset = 0; offset < bytes.length; offset += pageSize) bytes[offset] = 1 + offset / pageSize;
}

touch();
const { address } = region;
const refused = [() => region.resize(after), () => region.move()].map(codeOf);
const kept = { marks: marks(), degraded: region.degraded.pages, moved: region.address !== address };
region.discard(pageSize, 2 * pageSize);
const discarded = region.degraded.pages;
region.resize(after);
const content = region.bytes()[0];
touch();
while (events.length < 2 + region.degraded.pages) await new Promise(setImmediate);
console.log(JSON.stringify({ refused, kept, discarded, content, marks: marks(), degraded: region.degraded.pages, events }));
region.dispose();
