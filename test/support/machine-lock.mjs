/** One test run at a time on a machine: the pools are the machine's, not a checkout's or a user's. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

// Abstract: there is no file, so a killed holder leaves nothing behind, and every user may take it. As long as an address may be: the
// kernel compares all bytes, and Node.js 20 binds a shorter one with zeros behind it, 26 without.
const ADDRESS = '\0hugepages-tests'.padEnd(108, '-');
const RETRY_MS = 200;

function tryLock() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(ADDRESS, () => {
      server.unref();
      resolve(server);
    });
  });
}

/**
 * Waits until no other test run holds the machine, and holds it until `release()` or the end of this process.
 *
 * @returns {Promise<{ release(): void }>}
 */
export async function lockMachine() {
  for (let waiting = false; ; waiting = true) {
    const server = await tryLock();
    if (server !== undefined) return { release: () => server.close() };
    if (!waiting) console.error('waiting for another test run on this machine');
    await delay(RETRY_MS);
  }
}
