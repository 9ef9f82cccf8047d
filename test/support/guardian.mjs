/**
 * Watches over one test run from a process of its own. It holds the machine lock and the machine's settings as they were; when its
 * standard input ends, however the run ended (kill -9 too), it puts them back. Exits with 1 when the run had left something changed.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { lockMachine } from './machine-lock.mjs';
import { differences, readMachine, restore } from './machine-settings.mjs';

// The last worker's pages are free when the kernel has torn down its address space, a moment after it is gone for its parent.
const SETTLE_MS = 3_000;
const POLL_MS = 50;

const ended = once(process.stdin.resume(), 'end');
const before = await Promise.race([lockMachine().then(readMachine), ended.then(() => undefined)]);
if (before === undefined) process.exit(0); // the run ended while it waited for the lock

console.log('ready');
await ended;

let left = differences(before);
for (const deadline = Date.now() + SETTLE_MS; left.length > 0 && Date.now() < deadline; left = differences(before)) await delay(POLL_MS);
restore(before);
if (left.length > 0) {
  console.error(`The tests left the machine changed:\n  ${left.join('\n  ')}`);
  // Of a run that was killed, a program in the middle of its changes may go on.
  await delay(SETTLE_MS);
  restore(before);
}
process.exit(left.length > 0 ? 1 : 0);
