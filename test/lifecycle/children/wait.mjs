/** Waiting for what other threads do, which no event announces. */
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 5;
const BOUND_MS = 10_000;

export async function waitUntil(condition) {
  for (const end = Date.now() + BOUND_MS; !condition(); await delay(POLL_MS)) {
    if (Date.now() > end) throw new Error(`This never became true: ${condition}`);
  }
}
