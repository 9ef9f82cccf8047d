/** Touches a hole whose page another region has, after refill() has said that it must not. */
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: '8MiB', backing: ['hugetlb'], source: 'memfd' });
region.discard(0, region.pageSize);
const outsider = allocateSync({ size: '2MiB', backing: ['hugetlb'] });
await region.refill().catch(({ code }) => console.log(JSON.stringify(code)));
region.bytes()[0] = 1;
outsider.dispose(); // never reached: what is used below is not collected before
