/** Discards with keepReservation at the limit of its address space, where no range can be mapped once more. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { allocateSync } from 'hugepages';

const region = allocateSync({ size: 8 * 2 ** 20, backing: ['hugetlb'], source: 'memfd' });
const limitTo = (bytes) => execFileSync('prlimit', ['--pid', String(process.pid), `--as=${bytes}:`]);
const used = 1024 * Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
let error;
limitTo(used + 3 * 2 ** 20); // less than the hole, and enough for all else
try {
  region.discard(2 ** 21, 2 ** 22, { keepReservation: true });
} catch (thrown) {
  error = thrown;
}
const free = Number(readFileSync('/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages', 'utf8'));
limitTo('unlimited');
const { offset, length, freedBytes, freedPages, reservation } = error.details;
const details = { offset, length, freedBytes, freedPages, reservation };
console.log(JSON.stringify({ code: error.code, syscall: error.syscall, free, details, holes: region.holes() }));
region.dispose();
