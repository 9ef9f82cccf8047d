/** Mounts and unmounts without end, or has something mounted once, as two processes do that start together. */
import { ensureMount, mount, unmountSync } from 'hugepages';

const [what, path, options = '{}'] = process.argv.slice(2);
const request = { path, ...JSON.parse(options) };

console.log('ready');
if (what === 'ensure') {
  process.stdin.once('data', () => {
    console.log(JSON.stringify(ensureMount(request).mounted));
    process.exit();
  });
} else {
  for (;;) {
    mount(request);
    unmountSync(path);
  }
}
