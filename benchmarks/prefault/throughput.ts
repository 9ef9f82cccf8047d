/** How fast memory is populated, beside bare C++ threads and beside an ordinary Buffer. */
import { performance } from 'node:perf_hooks';
import { formatSize, GiB } from '../../lib/units.js';
import { fillBuffer } from '../support/buffer.js';
import { compared, figure } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import type { Peer } from '../support/peer.js';
import type { Section } from '../support/report.js';
import { inTurn, warm } from '../support/rounds.js';
import { inMemory, kindsOfMemory, map, sizeFor, threadCounts } from './memory.js';
import type { Memory } from './memory.js';

const ROUNDS = 15;
/** Fewer: a Buffer takes its time, and the bound is far away. */
const BUFFER_ROUNDS = 5;

export function throughputSections(peer: Peer): Section[] {
  return kindsOfMemory().flatMap((memory) =>
    threadCounts().map((threads) => {
      const name = `${memory.name}, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
      return { name, measure: () => throughput(name, peer, memory, threads) };
    }),
  );
}

function throughput(name: string, peer: Peer, memory: Memory, threads: number): Promise<Finding[]> {
  const size = sizeFor(memory, threads);
  const gibs = size / GiB;
  const isHugetlb = memory.backing === 'hugetlb';
  return inMemory(memory, size, async () => {
    const populateRegion = warm(() => populate(memory, size, threads));
    const populateBare = warm(() => peer.populate(memory.backing, memory.pageSize, size, threads));
    const sides = await inTurn(ROUNDS, { ours: populateRegion, theirs: populateBare });
    const findings = [
      figure(name, 'GiB/s', sides.ours.map((milliseconds) => (gibs * 1000) / milliseconds)),
      compared(name, 'bare C++ threads', sides, { atLeast: 0.97, claim: isHugetlb ? 'populate by madvise' : undefined }),
    ];
    if (memory.backing === 'base') return findings;
    const { ours, theirs } = await inTurn(BUFFER_ROUNDS, { ours: populateRegion, theirs: warm(() => fillBuffer(GiB)) });
    const sameBytes = theirs.map((milliseconds) => milliseconds * gibs);
    const claim = isHugetlb ? 'populate by Buffer' : undefined;
    return [...findings, compared(name, `Buffer.alloc(${formatSize(GiB)}).fill()`, { ours, theirs: sameBytes }, { atLeast: 10, claim })];
  });
}

/** @returns milliseconds from the call to its promise's end, as JavaScript sees it */
async function populate(memory: Memory, size: number, threads: number): Promise<number> {
  const region = map(memory, size);
  const start = performance.now();
  await region.prefault({ threads });
  const milliseconds = performance.now() - start;
  region.dispose();
  return milliseconds;
}
