/**
 * Reads and writes through pointers that resize() and move() cannot take back, while they run and afterwards, and prints what is read.
 * Whether a signal came is what the test looks at.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, read, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { allocateSync } from 'hugepages';

const [way, backing, source] = process.argv.slice(2);
const region = allocateSync({ size: '8MiB', backing: [backing], source });
const MiB = 2 ** 20;

/** Sizes up and down, and elsewhere. */
function change() {
  for (let round = 0; round < 200; round++) {
    region.bytes()[0] = 1 + (round % 255);
    region.resize((2 + 2 * (round % 4)) * MiB);
    region.move();
    assert.equal(region.bytes()[0], 1 + (round % 255));
  }
}

async function sharedBuffer() {
  const shared = region.sharedBuffer();
  const bytes = new Uint8Array(shared).fill(0x5a);
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    const words = new Int32Array(workerData);
    parentPort.postMessage('running');
    for (let at = 0; Atomics.load(words, 0) !== -1; at = (at + 1024) % words.length) words[at === 0 ? 1 : at] = at;
    parentPort.postMessage('done');`;
  const worker = new Worker(program, { eval: true, workerData: shared });
  await new Promise((resolve) => worker.once('message', resolve));
  change();
  const done = new Promise((resolve) => worker.once('message', resolve));
  Atomics.store(new Int32Array(shared), 0, -1);
  await done;
  return bytes[5];
}

async function transferred() {
  const escaped = new Uint8Array(region.buffer().transfer());
  escaped.fill(0x5a);
  change();
  const found = escaped[5];
  escaped.fill(1);
  return found;
}

/** A system call that was given the address before, and writes to it afterwards. */
async function pendingRead() {
  const directory = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  execFileSync('mkfifo', [`${directory}/fifo`]);
  const fifo = openSync(`${directory}/fifo`, 'r+');
  const reading = promisify(read)(fifo, region.bytes(), 0, 4096, null);
  await delay(50); // until a thread of the pool waits in read(2)
  region.resize('4MiB');
  writeSync(fifo, 'x'.repeat(4096));
  // The other thread writes now: within this turn, in which no finalizer has run.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  assert.equal(region.bytes()[0], 0);
  const { bytesRead } = await reading;
  closeSync(fifo);
  execFileSync('rm', ['-r', directory]);
  return bytesRead;
}

const WAYS = { 'shared buffer': sharedBuffer, transfer: transferred, 'pending read': pendingRead };
console.log(JSON.stringify(await WAYS[way]()));
