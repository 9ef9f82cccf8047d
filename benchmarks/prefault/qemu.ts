/** Guest memory of QEMU. It populates by the same madvise(MADV_POPULATE_WRITE), a slice for each thread. */
import type { Source } from 'hugepages';
import { GiB, MiB } from '../../lib/units.js';
import type { Finding } from '../support/measure.js';
import { Qemu } from '../support/qemu.js';
import type { Section } from '../support/report.js';
import { CPUS, kindsOfMemory } from './memory.js';
import type { Memory } from './memory.js';
import { beside, nameOf } from './peer-memory.js';
import type { PeerMemory } from './peer-memory.js';

/** So small that what a promise costs shows: a thread and a turn of the event loop. It has no bound. */
const SMALL = 64 * MiB;

export function qemuSections(): Section[] {
  return kindsOfMemory().flatMap((memory) =>
    sizesOf(memory).flatMap((size) =>
      [...new Set([1, CPUS])].map((threads) => {
        const expected = size === GiB ? ({ atLeast: 1, claim: 'memory by QEMU' } as const) : {};
        const task = { memory, size: Math.max(size, threads * memory.pageSize), source: sourceOf(memory), threads: [threads] };
        const measure = (): Promise<Finding[]> => beside(() => qemuMemory(threads), task, expected);
        return { name: `${nameOf(task, threads)}, by QEMU`, measure };
      }),
    ),
  );
}

/** Of base pages less: they take ten times as long. */
function sizesOf({ backing, pageSize }: Memory): number[] {
  if (backing === 'base') return [SMALL];
  return pageSize < SMALL ? [GiB, SMALL] : [GiB];
}

/** QEMU asks for transparent huge pages in all memory that can have them: it has base pages only in a memfd. */
function sourceOf({ backing }: Memory): Source {
  return backing === 'thp' ? 'anonymous' : 'memfd';
}

async function qemuMemory(threads: number): Promise<PeerMemory> {
  const qemu = await Qemu.start();
  return {
    name: `QEMU ${qemu.version}`,
    pid: qemu.pid,
    take: (memory, size) => qemu.add({ ...backendOf(memory), size, prealloc: true, 'prealloc-threads': threads }),
    give: () => qemu.remove(),
    stop: () => qemu.stop(),
  };
}

function backendOf(memory: Memory): Record<string, unknown> {
  if (sourceOf(memory) === 'anonymous') return { 'qom-type': 'memory-backend-ram' };
  const hugetlb = memory.backing === 'hugetlb' && { hugetlb: true, hugetlbsize: memory.pageSize };
  return { 'qom-type': 'memory-backend-memfd', ...hugetlb };
}
