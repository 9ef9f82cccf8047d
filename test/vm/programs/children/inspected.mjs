/** Without privileges: has a hugetlb page on node 1, tells what it sees of itself and of its parent, and stays. */
import { addressSpace, allocateSync, pagemap, processAccount } from 'hugepages';

const H = 2 ** 21;
const region = allocateSync({ size: 2 * H, backing: ['hugetlb'], numa: { mode: 'bind', nodes: [1] }, prefault: false });
region.bytes(H, 1)[0] = 1;

const { pid, ppid } = process;
const { runs, frames, softDirty } = await pagemap(pid);
const { hugetlb } = await processAccount(pid);
const { mappings } = await addressSpace(pid, { hugeOnly: true });
const refusals = await Promise.all([pagemap, addressSpace, processAccount].map((ask) => ask(ppid).catch(({ code }) => code)));
const told = {
  region: { start: String(region.address), frames: region.residency().frames },
  map: { frames, softDirty, framesShown: runs.filter(({ pfn }) => pfn !== undefined).length },
  hugetlb,
  huge: mappings.filter(({ bytes }) => bytes.KernelPageSize === H).length,
  refusals,
};
process.stdout.write(`${JSON.stringify(told)}\n`);
setInterval(() => undefined, 60_000);
