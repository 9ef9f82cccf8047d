/** A system call that is given memory, and writes to it later: nobody can take that pointer back. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, read, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const BYTES = 4096;

/**
 * Has a thread of libuv's pool wait in read(2) while `meanwhile` runs; then it writes, within the same turn, in which no finalizer runs.
 *
 * @param check - runs after that, still within the turn
 * @returns how many bytes it wrote
 */
export async function readAcross(memory, meanwhile, check = () => undefined) {
  const directory = mkdtempSync(`${tmpdir()}/hugepages-test-`);
  execFileSync('mkfifo', [`${directory}/fifo`]);
  const fifo = openSync(`${directory}/fifo`, 'r+');
  const reading = promisify(read)(fifo, memory, 0, BYTES, null);
  await delay(50); // until a thread of the pool waits in read(2)
  meanwhile();
  writeSync(fifo, 'x'.repeat(BYTES));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200); // until it has written
  check();
  const { bytesRead } = await reading;
  closeSync(fifo);
  rmSync(directory, { recursive: true });
  return bytesRead;
}
