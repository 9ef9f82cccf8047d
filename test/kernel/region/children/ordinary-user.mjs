/** What a user without privileges can have and is refused, as one JSON object. */
import { allocate, allocateSync, setPoolSync } from 'hugepages';

const [pageSize, memlock] = process.argv.slice(2).map(Number);

function refusal(call) {
  try {
    call();
    return 'nothing was refused';
  } catch ({ name, code, syscall, remedy }) {
    return { name, code, syscall, remedy };
  }
}

const results = { uid: process.getuid() };

const hugetlb = await allocate({ size: 2 * pageSize, backing: ['hugetlb'] });
hugetlb.bytes().fill(1);
const { runs, presentBytes, frames } = hugetlb.residency();
results.hugetlb = { kind: hugetlb.backing.kind, presentBytes, frames, named: runs.filter(({ pfn }) => pfn !== undefined).length };

const base = allocateSync({ size: memlock + pageSize, backing: ['base'] });
if (memlock > 0) {
  base.lock(0, memlock);
  base.unlock();
}
results.lock = refusal(() => base.lock());
results.setPool = refusal(() => setPoolSync({ pageSize, pages: 1000 }));
results.strict = refusal(() => allocateSync({ size: 1000 * pageSize, backing: ['hugetlb'] }));
console.log(JSON.stringify(results));
for (const region of [hugetlb, base]) region.dispose();
