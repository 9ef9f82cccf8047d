/** Processes and threads beside the test that hold regions, all of them test/kernel/region/children/peer.mjs. */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const PROGRAM = fileURLToPath(new URL('../kernel/region/children/peer.mjs', import.meta.url));

/** How a peer is related to this process. */
export type Relation = 'child_process' | 'cluster' | 'unrelated' | 'worker thread';

interface Channel {
  send(request: unknown[]): void;
  answer(): Promise<unknown>;
  end(): Promise<void>;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function overIpc(child: ChildProcess): Channel {
  return {
    send: (request) => { child.send(request); },
    answer: async () => ((await once(child, 'message')) as unknown[])[0],
    end: () => endChild(child),
  };
}

function overLines(options: SpawnOptions): Channel {
  const child = spawn(process.execPath, [PROGRAM], { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    send: (request) => { child.stdin.write(`${JSON.stringify(request)}\n`); },
    answer: async () => JSON.parse(((await lines.next()) as { value: string }).value) as unknown,
    end: () => endChild(child),
  };
}

function overPort(): Channel {
  const worker = new Worker(PROGRAM);
  return {
    send: (request) => { worker.postMessage(request); },
    answer: async () => ((await once(worker, 'message')) as unknown[])[0],
    end: async () => { await worker.terminate(); },
  };
}

function open(relation: Relation, options: SpawnOptions): Channel {
  if (relation === 'child_process') return overIpc(fork(PROGRAM, options));
  if (relation === 'unrelated') return overLines({ ...options, detached: true });
  if (relation === 'worker thread') return overPort();
  cluster.setupPrimary({ exec: PROGRAM });
  return overIpc(cluster.fork().process);
}

export class Peer {
  readonly #channel: Channel;
  /** It says that it is there. */
  readonly #there: Promise<unknown>;

  constructor(relation: Relation = 'child_process', options: SpawnOptions = {}) {
    this.#channel = open(relation, options);
    this.#there = this.#channel.answer();
  }

  /** Rejects with what the peer caught. */
  async ask(operation: string, ...args: unknown[]): Promise<unknown> {
    await this.#there;
    this.#channel.send([operation, ...args]);
    const { value, error } = (await this.#channel.answer()) as { value?: unknown; error?: { message: string } };
    if (error !== undefined) throw Object.assign(new Error(error.message), error);
    return value;
  }

  /** Kills it. */
  end(): Promise<void> {
    return this.#channel.end();
  }
}

/** Runs a test with a peer that is there, and ends it. */
export async function withPeer(use: (peer: Peer) => Promise<void>, relation?: Relation, options?: SpawnOptions): Promise<void> {
  const peer = new Peer(relation, options);
  try {
    await use(peer);
  } finally {
    await peer.end();
  }
}
