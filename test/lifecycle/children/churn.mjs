/** Allocates, prefaults, shares and disposes without end. */
import { Region, allocate, allocateSync } from 'hugepages';

const pageSize = Number(process.argv[2]);

console.log('running');
for (;;) {
  const options = { size: 8 * pageSize, pageSize, backing: ['hugetlb'] };
  const first = await allocate({ ...options, prefault: { background: true } });
  const second = allocateSync({ ...options, shared: true });
  const attached = Region.attach(second.share());
  attached.bytes().fill(1);
  second.dispose();
  await first.ready;
  first.dispose();
  attached.dispose();
}
