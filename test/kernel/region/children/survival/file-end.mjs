/** A region on a file that another process truncates, and one with a hole whose page somebody else took. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { allocateSync } from 'hugepages';

const [pageSize] = process.argv.slice(2).map(Number);
const options = { source: 'memfd', onExhaustion: process.argv[3], backing: [process.argv[4]] };

function pathOf(name) {
  const descriptor = readdirSync('/proc/self/fd').find((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes(name);
    } catch {
      return false; // the directory's own
    }
  });
  return `/proc/${process.pid}/fd/${descriptor}`;
}

const region = allocateSync({ ...options, name: 'truncated', size: 2 * pageSize });
const bytes = region.bytes().fill(7);
const { status } = spawnSync('truncate', ['-s', String(pageSize), pathOf('truncated')], { stdio: 'inherit' });
console.error(`truncated ${status}`);
const beyond = bytes[2 * pageSize - 1];
bytes[2 * pageSize - 1] = 8;
console.log(JSON.stringify({ before: bytes[0], beyond, written: bytes[2 * pageSize - 1], degraded: region.degraded }));
region.dispose();
