/**
 * Reads and writes a region after it was disposed, through what dispose() cannot detach, and prints what is read. Prints `before` to
 * begin with: whether a signal came, and when, is what the test looks at.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, read, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { allocateSync, pool } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';

const [way, backing] = process.argv.slice(2);
const pageSize = Number(process.argv[4]);

const before = pool(pageSize);
const region = allocateSync({ size: 4 * pageSize, backing: [backing] });
region.bytes().fill(0x5a);

const ESCAPES = {
  // The pointer moves to another ArrayBuffer, which dispose() does not know.
  transfer: () => new Uint8Array(region.buffer().transfer()),
  'transfer, resized': () => new Uint8Array(region.buffer(0, pageSize).transfer(pageSize)),
  'shared buffer': () => new Uint8Array(region.sharedBuffer()),
};

/** A system call that was given the address before the dispose, and writes to it afterwards. */
async function pendingRead() {
  const directory = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  execFileSync('mkfifo', [`${directory}/fifo`]);
  const fifo = openSync(`${directory}/fifo`, 'r+');
  const reading = promisify(read)(fifo, region.bytes(), 0, 4096, null);
  await delay(50); // until a thread of the pool waits in read(2)
  region.dispose();
  assert.deepEqual(pool(pageSize), before);
  writeSync(fifo, 'x'.repeat(4096));
  // The other thread writes now: within this turn, in which no finalizer has run.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  const { bytesRead } = await reading;
  closeSync(fifo);
  execFileSync('rm', ['-r', directory]);
  return bytesRead;
}

/** Touches every page of what escaped. */
async function useEscaped(bytes) {
  assert.equal(bytes[0], 0x5a);
  region.dispose();
  assert.deepEqual(pool(pageSize), before);
  await collectUntil(() => false); // finalizers of everything else have run
  const found = [];
  for (let offset = 0; offset < bytes.length; offset += pageSize) {
    found.push(bytes[offset]);
    bytes[offset] = 1;
  }
  assert.deepEqual(pool(pageSize), before);
  return [...new Set(found)];
}

console.log('before');
console.log(JSON.stringify(await (way === 'pending read' ? pendingRead() : useEscaped(ESCAPES[way]()))));
