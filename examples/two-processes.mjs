// Two processes over one region: the child fills slots of it, the parent reads them, and each waits for the other's turn on a word of
// the same memory. Nothing is copied between them but the token.
// Run: node examples/two-processes.mjs
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Region, allocate } from 'hugepages';

const ROUNDS = 1000;
const SLOT = 64 * 1024;

// The first word says whose turn it is: even for the child to write, odd for the parent to read. The slot comes after its cache line.
function open(region) {
  return { turns: region.view(Int32Array, 0, 1), slot: region.bytes(64, SLOT) };
}

/** Waits until the word is `turn`: it counts up, and each side waits for the number after the one that it wrote. */
async function waitFor(region, turns, turn) {
  while (Atomics.load(turns, 0) !== turn) await region.wait(0, turn - 1);
}

function pass(region, turns) {
  Atomics.add(turns, 0, 1);
  region.notify(0);
}

if (process.send === undefined) {
  // Huge pages if the machine has some for us, else ordinary ones.
  const region = await allocate({ size: '2MiB', source: 'memfd' });
  const { turns, slot } = open(region);
  const child = fork(fileURLToPath(import.meta.url));
  child.send(region.share());
  let wrong = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await waitFor(region, turns, 2 * round + 1);
    if (slot[0] !== round % 251 || slot[SLOT - 1] !== round % 251) wrong++;
    pass(region, turns);
  }
  const [code] = await once(child, 'exit');
  console.log(`${ROUNDS} slots of ${SLOT / 1024} KiB from process ${child.pid}, on ${region.backing.kind} pages: ${wrong} wrong`);
  region.dispose();
  process.exitCode = code === 0 && wrong === 0 ? 0 : 1;
} else {
  const [token] = await once(process, 'message');
  const region = Region.attach(token);
  const { turns, slot } = open(region);
  for (let round = 0; round < ROUNDS; round++) {
    await waitFor(region, turns, 2 * round);
    slot.fill(round % 251);
    pass(region, turns);
  }
  region.dispose();
  process.disconnect();
}
