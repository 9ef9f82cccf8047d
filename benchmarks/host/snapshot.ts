/** Reading the machine's state in a program that runs. */
import { performance } from 'node:perf_hooks';
import { mounts, numaNodes, pools, vmstat } from 'hugepages';
import { bounded, figure } from '../support/measure.js';
import type { Section } from '../support/report.js';
import { inTurn } from '../support/rounds.js';

const ROUNDS = 101;
const IN_A_ROUND = 20;

export const snapshotSection: Section = {
  name: 'snapshot',
  measure: async () => {
    const first = time(snapshot, 1);
    const { all, ofPools, ofVmstat } = await inTurn(ROUNDS, {
      all: () => time(snapshot, IN_A_ROUND),
      ofPools: () => time(pools, IN_A_ROUND),
      ofVmstat: () => time(vmstat, IN_A_ROUND),
    });
    return [
      bounded('pools, nodes and mounts', 'ms', all, { of: 'median', relation: '<', limit: 2 }, 'snapshot'),
      figure('  the first time, code not yet compiled', 'ms', [first]),
      figure('  of it, the pools', 'ms', ofPools),
      figure('events of /proc/vmstat', 'ms', ofVmstat),
    ];
  },
};

function snapshot(): void {
  pools();
  numaNodes();
  mounts();
}

/** @returns milliseconds of one call */
function time(read: () => unknown, times: number): number {
  const start = performance.now();
  for (let done = 0; done < times; done++) read();
  return (performance.now() - start) / times;
}
