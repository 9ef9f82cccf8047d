/** An ordinary user's memory, and what the ledger says of it. The page size comes as an argument. */
import { allocate, ledger } from 'hugepages';

const pageSize = Number(process.argv[2]);
const options = { pageSize, backing: ['hugetlb'] };
const regions = [await allocate({ ...options, size: 3 * pageSize }), await allocate({ ...options, size: 2 * pageSize, shared: true })];
const { pools, partial, gaps } = await ledger({ pageSize });
const own = pools[0].rows.filter(({ holders }) => holders.some(({ pid }) => pid === process.pid));
const shown = own.map(({ kind, used, reserved }) => `${kind} ${used}+${reserved}`).sort();
console.log(JSON.stringify({ own: shown, residue: pools[0].residue, partial, gaps }));
for (const region of regions) region.dispose();
