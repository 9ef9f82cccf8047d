/** What an ordinary user finds among the mounts, and is refused, as one JSON object. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureMount, findMount, mount, unmountSync } from 'hugepages';

const [path, pageSize] = [process.argv[2], Number(process.argv[3])];

function outcome(call) {
  try {
    return call();
  } catch ({ code, syscall, remedy }) {
    return { code, syscall, remedy };
  }
}

const results = {
  read: outcome(() => findMount(pageSize, { writable: false }).mountPoint),
  write: outcome(() => findMount(pageSize).mountPoint),
  dryRun: outcome(() => mount({ path, dryRun: true }).mounted),
  mount: outcome(() => mount({ path }).mounted),
  left: existsSync(dirname(path)),
};
results.ensure = outcome(() => ensureMount({ path: process.argv[4] }).mounted);
results.unmount = outcome(() => unmountSync(results.read));
console.log(JSON.stringify(results));
