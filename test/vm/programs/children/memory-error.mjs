/** Has a page of its region taken for broken, as the hardware would, and touches it. */
import { writeFileSync, writeSync } from 'node:fs';
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: Number(process.argv[2]), backing: ['hugetlb'], onExhaustion: process.argv[3] });
const bytes = region.bytes().fill(7);
const [{ pfn }] = region.residency().runs;
writeFileSync('/sys/devices/system/memory/hard_offline_page', `0x${(pfn * 4096n).toString(16)}`);
writeSync(1, 'offline\n');
writeSync(1, `read ${bytes[0]}\n`);
