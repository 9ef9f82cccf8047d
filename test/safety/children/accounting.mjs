/** Makes and disposes ArrayBuffers, and prints what V8 believes of external memory in between. */
import { allocateSync } from 'hugepages';
import { collectUntil } from '../../support/gc.mjs';

const SIZE = 64 * 2 ** 20;
const ROUNDS = 50;

// Not 'arrayBuffers', which counts only what V8's own allocator made.
const external = () => process.memoryUsage().external;

await collectUntil(() => false); // a fixed number of collections
const before = external();
let held = 0;
for (let i = 0; i < ROUNDS; i++) {
  const region = allocateSync({ size: SIZE, backing: ['base'], prefault: false });
  region.buffer();
  if (i === 0) held = external() - before;
  // Detached by dispose, by the collector, and by both.
  if (i % 3 !== 0) region.dispose();
  if (i % 3 === 1) region.dispose();
}
await collectUntil(() => external() <= before);
console.log(JSON.stringify({ size: SIZE, held, left: external() - before }));
