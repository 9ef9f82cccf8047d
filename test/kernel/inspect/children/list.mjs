/** Prints what processes() says of some processes, and processAccount() of the first. */
import { processAccount, processes } from 'hugepages';

const pids = process.argv.slice(2).map(Number);
const entries = [];
for await (const { pid, state, name, kind, total, hugetlbBytes } of processes({ pids: [...pids, process.pid], all: true })) {
  entries.push({ pid, state, name, kind, total, hugetlbBytes });
}
const error = await processAccount(pids[0]).catch(({ name, code, details, remedy }) => ({ name, code, details, remedy }));
console.log(JSON.stringify({ own: process.pid, entries, error }));
