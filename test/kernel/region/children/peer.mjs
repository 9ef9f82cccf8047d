/**
 * Another process, or thread, that takes regions and gives them: it does what it is told over whatever connects it to the test, an IPC
 * channel, a message port, or lines of JSON.
 */
import { createInterface } from 'node:readline';
import { parentPort } from 'node:worker_threads';
import { Region, allocateSync } from 'hugepages';

const regions = new Map();

const add = (region) => {
  regions.set(region.id, region);
  const { id, byteLength, pageSize, source, shared } = region;
  return { id, byteLength, pageSize, source, shared };
};

const OPERATIONS = {
  allocate: (options) => add(allocateSync(options)),
  attach: (token, options) => add(Region.attach(token, options)),
  receive: async (path, options) => add(await Region.receive(path, options)),
  sendTo: (id, path, options) => regions.get(id).sendTo(path, options),
  share: (id) => regions.get(id).share(),
  read: (id, offset, length) => regions.get(id).bytes(offset, length).toString(),
  write: (id, offset, text) => regions.get(id).bytes(offset).write(text),
  wait: (id, offset, expected) => regions.get(id).wait(offset, expected),
  waitSync: (id, offset, expected) => regions.get(id).waitSync(offset, expected),
  notify: (id, offset) => regions.get(id).notify(offset),
  degraded: (id) => regions.get(id).degraded,
  discard: (id, offset, length) => regions.get(id).discard(offset, length),
  dispose: (id) => regions.get(id).dispose(),
};

async function perform([operation, ...args]) {
  try {
    return { value: await OPERATIONS[operation](...args) };
  } catch ({ name, code, message, errno, syscall, remedy, details }) {
    return { error: { name, code, message, errno, syscall, remedy, details: { ...details } } };
  }
}

// The first answer is to nobody: a cluster worker loses what it is sent before it listens.
const serve = (send) => {
  send({ value: 'there' });
  return async (request) => send(await perform(request));
};

if (parentPort !== null) {
  parentPort.on('message', serve((message) => parentPort.postMessage(message)));
} else if (process.send !== undefined) {
  process.on('message', serve((message) => process.send(message)));
} else {
  const answer = serve((message) => console.log(JSON.stringify(message)));
  createInterface({ input: process.stdin }).on('line', (line) => void answer(JSON.parse(line)));
}
