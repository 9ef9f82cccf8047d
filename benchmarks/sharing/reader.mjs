/** Another thread, or another process: looks at the first byte of the memory that it is told of, and answers when it had seen it. */
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { Region } from 'hugepages';

const require = createRequire(new URL('../peers/package.json', import.meta.url));

const WAYS = {
  region(token) {
    const region = Region.attach(token);
    return { bytes: region.view(Uint8Array, 0, 1), letGo: () => region.dispose() };
  },
  sharedArrayBuffer: (buffer) => ({ bytes: new Uint8Array(buffer), letGo() {} }),
  segment(key) {
    const shm = require('shm-typed-array');
    return { bytes: shm.get(key, 'Int32Array'), letGo: () => shm.detach(key) };
  },
};

/** @returns nanoseconds of the monotonic clock, which is the same in all of them */
function look([way, memory]) {
  const { bytes, letGo } = WAYS[way](memory);
  if (bytes[0] !== 1) throw new Error('That is other memory');
  const seen = Number(process.hrtime.bigint());
  letGo();
  return seen;
}

if (parentPort === null) process.on('message', (told) => process.send(look(told)));
else parentPort.on('message', (told) => parentPort.postMessage(look(told)));
