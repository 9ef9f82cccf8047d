/** The other thread and the other process, as the benchmark sees them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { inCheckout } from '../support/root.js';

const PROGRAM = inCheckout('benchmarks/sharing/reader.mjs');

export type Way = 'region' | 'sharedArrayBuffer' | 'segment';

export interface Reader {
  /** @returns microseconds from the message until it has seen the first byte */
  see(way: Way, memory: unknown): Promise<number>;
  stop: () => unknown;
}

/** @returns when it answers */
export function otherThread(): Reader {
  const worker = new Worker(PROGRAM);
  return {
    see: (way, memory) => timed(worker, () => worker.postMessage([way, memory])),
    stop: () => worker.terminate(),
  };
}

export function otherProcess(): Reader {
  const child = fork(PROGRAM);
  return {
    see: (way, memory) => timed(child, () => child.send([way, memory] as never)),
    stop: () => child.disconnect(),
  };
}

async function timed(reader: EventEmitter, send: () => void): Promise<number> {
  const start = Number(process.hrtime.bigint());
  send();
  const [seen] = (await once(reader, 'message')) as [number];
  return (seen - start) / 1000;
}
