/**
 * Reads and writes a region after it was disposed, through what dispose() cannot detach, and prints what is read. Prints `before` to
 * begin with: whether a signal came, and when, is what the test looks at.
 */
import assert from 'node:assert/strict';
import { allocateSync, pool } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';
import { readAcross } from '../../support/pending-read.mjs';

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

function dispose() {
  region.dispose();
  assert.deepEqual(pool(pageSize), before);
}

/** Touches every page of what escaped. */
async function useEscaped(bytes) {
  assert.equal(bytes[0], 0x5a);
  dispose();
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
console.log(JSON.stringify(await (way === 'pending read' ? readAcross(region.bytes(), dispose) : useEscaped(ESCAPES[way]()))));
