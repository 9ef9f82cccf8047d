/** Two thousand mounts that will not do, in a mount namespace of its own, and one that will: which does findMount() find? */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { findMount, mount, mounts } from 'hugepages';

const [directory, addon, pageSize, other] = process.argv.slice(2);
// Without the library, whose checks would read the list again for each.
const { mount: mountAt } = createRequire(import.meta.url)(addon);
const MOUNTS = 2000;

let wanted;
for (let index = 0; index < MOUNTS; index++) {
  const path = `${directory}/${String(index)} a\\b\tc#${'x'.repeat(200)}`;
  mkdirSync(path);
  mountAt(path, index % 2 === 0 ? `pagesize=${other}` : `pagesize=${pageSize},nr_inodes=1,size=${pageSize}`);
  if (index === MOUNTS / 2) wanted = mount({ path: `${directory}/the one\nof them`, pageSize: Number(pageSize) }).mount?.mountPoint;
}
const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter((line) => line.includes(' - hugetlbfs '));
console.log(JSON.stringify({ wanted, found: findMount(Number(pageSize)).mountPoint, missing: lines.length - mounts().length }));
