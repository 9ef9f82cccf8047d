/** What the machine offers, before anything is changed. */
import { availableParallelism, release } from 'node:os';
import { pools } from '../../host/pools/pools.js';
import type { PoolSnapshot } from '../../host/pools/pools.js';
import { thp } from '../../host/thp.js';
import type { ThpState } from '../../host/thp.js';
import { formatSize } from '../../units.js';
import { list } from '../render.js';
import { renderPools } from '../render-pools.js';
import type { Stage } from './stage.js';

export interface Machine {
  readonly kernel: string;
  readonly arch: string;
  readonly node: string;
  readonly cpus: number;
  /** Bytes: `MemAvailable`, or less where a cgroup allows less. */
  readonly availableMemory: number;
  readonly pools: readonly PoolSnapshot[];
  readonly thp: ThpState;
}

export function lookAround(stage: Stage): Machine {
  const machine: Machine = {
    kernel: release(),
    arch: process.arch,
    node: process.version,
    cpus: availableParallelism(),
    availableMemory: process.availableMemory(),
    pools: pools(),
    thp: thp(),
  };
  stage.title('This machine');
  stage.say(
    ...list([
      ['system', `Linux ${machine.kernel} ${machine.arch}, Node ${machine.node}, ${String(machine.cpus)} CPUs`],
      ['memory', `${formatSize(machine.availableMemory)} available`],
      ['THP', machine.thp.enabled ?? 'none: this kernel has no transparent huge pages'],
    ]),
    ...renderPools(machine.pools),
  );
  return machine;
}
