/**
 * Reads and writes through pointers that resize() and move() cannot take back, while they run and afterwards, and prints what is read.
 * Whether a signal came is what the test looks at.
 */
import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { allocateSync } from 'hugepages';
import { readAcross } from '../../support/pending-read.mjs';

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

function pendingRead() {
  const resize = () => region.resize('4MiB');
  return readAcross(region.bytes(), resize, () => assert.equal(region.bytes()[0], 0));
}

const WAYS = { 'shared buffer': sharedBuffer, transfer: transferred, 'pending read': pendingRead };
console.log(JSON.stringify(await WAYS[way]()));
