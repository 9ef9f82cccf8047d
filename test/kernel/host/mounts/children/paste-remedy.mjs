/** Mounts what findMount() passes by, pastes its remedy, and again, in a mount namespace of its own with an empty /mnt. */
import { execFileSync } from 'node:child_process';
import { findMount, mount, mounts } from 'hugepages';

const pageSize = Number(process.argv[2]);
execFileSync('mount', ['-t', 'tmpfs', 'none', '/mnt']);

for (let round = 0; round < 2; round++) {
  try {
    findMount(pageSize, { size: 2 * pageSize });
  } catch ({ details: { command } }) {
    execFileSync('sh', ['-c', command.replace('pagesize=', `size=${pageSize},pagesize=`)]);
  }
}
// Each was made where it hides none.
const made = mounts().filter(({ mountPoint }) => mountPoint.startsWith('/mnt/'));
mount({ path: '/mnt/large', pageSize });
console.log(JSON.stringify({ hidden: made.map(({ hidden }) => hidden), found: findMount(pageSize, { size: 2 * pageSize }).mountPoint }));
