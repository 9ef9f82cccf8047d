/** How soon others see memory: a region beside a SharedArrayBuffer in another thread, and beside shm-typed-array in another process. */
import { allocateSync } from 'hugepages';
import { formatSize, GiB } from '../../lib/units.js';
import { segment, sharedArrayBuffer } from '../buffers/kinds.js';
import type { Maker } from '../buffers/kinds.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import { DEFAULT_PAGE as PAGE, withPages } from '../support/pages.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';
import { otherProcess, otherThread } from './reader.js';
import type { Reader, Way } from './reader.js';

const ROUNDS = 51;

interface Peer {
  readonly what: string;
  readonly name: string;
  readonly reader: () => Reader;
  readonly make: Maker;
  readonly way: Way;
  readonly told: (words: Int32Array) => unknown;
}

const PEERS: readonly Peer[] = [
  {
    what: 'a worker thread',
    name: 'SharedArrayBuffer',
    reader: otherThread,
    make: sharedArrayBuffer,
    way: 'sharedArrayBuffer',
    told: ({ buffer }) => buffer,
  },
  {
    what: 'another process',
    name: 'shm-typed-array',
    reader: otherProcess,
    make: segment('600'),
    way: 'segment',
    told: (words) => (words as Int32Array & { key: number }).key,
  },
];

export function firstByteSections(): Section[] {
  return PEERS.map((peer) => {
    const name = `first byte of ${formatSize(GiB)} in ${peer.what}`;
    return { name, measure: () => withPages(PAGE, GiB / PAGE, () => beside(name, peer)) };
  });
}

async function beside(name: string, peer: Peer): Promise<Finding[]> {
  const { words, free } = await peer.make(GiB);
  const region = allocateSync({ size: GiB, backing: ['hugetlb'], source: 'sysv' });
  const reader = peer.reader();
  try {
    words[0] = 1;
    region.view(Int32Array)[0] = 1;
    const samples = await inTurn(ROUNDS, {
      ours: () => reader.see('region', region.share()),
      theirs: () => reader.see(peer.way, peer.told(words)),
    });
    return [figure(name, 'us', samples.ours), compared(name, peer.name, samples)];
  } finally {
    await reader.stop();
    region.dispose();
    free?.();
  }
}
