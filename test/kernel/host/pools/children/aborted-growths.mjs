/** Grows a pool again and again, and thinks better of it while the kernel is at it. */
import { growPool } from 'hugepages';

// More than a growth takes to its write, which then goes on in the background. No write ends before the event loop turns.
const MICROTASKS = 100;

const [pageSize, times] = process.argv.slice(2).map(Number);
for (let time = 0; time < times; time++) {
  const controller = new AbortController();
  const ended = growPool({ pageSize, freePages: 8 + Math.floor(Math.random() * 56) }, { signal: controller.signal }).catch((error) => {
    if (error.code !== 'ABORT_ERR') throw error;
  });
  for (let turn = 0; turn < MICROTASKS; turn++) await undefined;
  controller.abort();
  await ended;
}
