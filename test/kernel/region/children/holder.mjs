/** A worker thread that holds regions by token and does with them what it is told. */
import { parentPort } from 'node:worker_threads';
import { Region } from 'hugepages';

const held = new Map();
const operations = {
  attach(token) {
    const region = Region.attach(token);
    held.set(region.id, region);
    const { id, address, byteLength, pageSize } = region;
    return { id, address, byteLength, pageSize };
  },
  read: (id, offset, length) => new Uint8Array(held.get(id).bytes(offset, length)),
  fill: (id, byte, offset, length) => void held.get(id).bytes(offset, length).fill(byte),
  prefault: (id) => held.get(id).prefault(),
  dispose: (id) => held.get(id).dispose(),
  exit: () => process.exit(),
};

parentPort.on('message', async ([name, ...args]) => {
  try {
    parentPort.postMessage({ value: await operations[name](...args) });
  } catch ({ name: errorName, code, message }) {
    parentPort.postMessage({ error: { name: errorName, code, message } });
  }
});
