/** Asks for ArrayBuffers around the largest one that Node.js can make over foreign memory. Beyond it V8 ends the process. */
import { allocateSync } from 'hugepages';

const GIB = 2 ** 30;
// Addresses only: no page is populated but those that are touched.
const region = allocateSync({ size: 9 * GIB, backing: ['base'], reserve: false, prefault: false });

function attempt(offset, length) {
  try {
    const buffer = region.buffer(offset, length);
    new Uint8Array(buffer)[length - 1] = 1;
    return buffer.byteLength;
  } catch ({ name, code, message }) {
    return { name, code, message };
  }
}

const lengths = [4 * GIB - 1, 4 * GIB, 4 * GIB + 1, 8 * GIB + 4096, 9 * GIB];
const outcomes = lengths.map((length) => attempt(9 * GIB - length, length));
region.dispose();
console.log(JSON.stringify({ lengths, outcomes }));
