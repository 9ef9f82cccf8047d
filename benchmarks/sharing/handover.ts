/** How long until another process has a region, by its size. */
import { setTimeout as delay } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import { allocateSync } from 'hugepages';
import type { Source } from 'hugepages';
import { GiB, MiB, formatSize } from '../../lib/units.js';
import { bounded } from '../support/measure.js';
import type { Finding } from '../support/measure.js';
import { DEFAULT_PAGE as PAGE, withPages } from '../support/pages.js';
import { effort } from '../support/quick.js';
import type { Section } from '../support/report.js';
import type { SharingPeer } from './peer.js';

const ROUNDS = effort(51);
const SIZES = [2 * MiB, 64 * MiB, GiB];
const BOUND = { of: 'median', relation: '<', limit: 1 } as const;

export function handoverSections(other: SharingPeer): Section[] {
  return SIZES.map((size) => ({
    name: `handing over ${formatSize(size)}`,
    measure: () =>
      withPages(PAGE, size / PAGE, async () => [
        await attached(other, size, 'memfd', 'attach() by /proc/PID/fd'),
        await attached(other, size, 'sysv', 'attach() of a SysV segment'),
        await sent(other, size),
      ]),
  }));
}

async function attached(other: SharingPeer, size: number, source: Source, way: string): Promise<Finding> {
  const region = allocateSync({ size, backing: ['hugetlb'], source });
  const samples: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) samples.push(await other.attach(region.share()));
  region.dispose();
  return bounded(`${way}, ${formatSize(size)}`, 'ms', samples.slice(1), BOUND, 'handover');
}

/** From the call of sendTo() to its promise: the other side has mapped the region. */
async function sent(other: SharingPeer, size: number): Promise<Finding> {
  const region = allocateSync({ size, backing: ['hugetlb'], source: 'memfd' });
  const samples: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const address = `\0hugepages-benchmark-${String(process.pid)}-${String(round)}`;
    const { ended } = await other.begin('receive', address);
    await delay(5); // until it listens
    const start = performance.now();
    await region.sendTo(address);
    samples.push(performance.now() - start);
    await ended;
  }
  region.dispose();
  return bounded(`sendTo() and receive(), ${formatSize(size)}`, 'ms', samples.slice(1), BOUND, 'handover');
}
