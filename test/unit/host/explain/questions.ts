/** Questions to the engine: a machine of which one part at a time is changed. */
import { diagnose } from '../../../../lib/host/explain/diagnose.js';
import { readMachine } from '../../../../lib/host/explain/machine.js';
import type { Machine } from '../../../../lib/host/explain/machine.js';
import type { Reason, Request, RequestedBacking } from '../../../../lib/host/explain/types.js';
import { KiB, MiB } from '../../../../lib/units.js';
import { fixture } from '../fixtures.js';

export const BASE = 4 * KiB;
export const H = 2 * MiB;
export const ANONYMOUS: Request['source'] = { kind: 'anonymous', path: undefined, key: 0, persistent: false, adopt: false };
const PRIVATE = { reserve: true, shared: false, guard: false, alignment: 0, nodes: [], bound: false } as const;
export const REQUEST: Request = { source: ANONYMOUS, ...PRIVATE, prefault: 'now' };

export const tree = readMachine({ regions: 0, bytes: 0 }, fixture('four-nodes'));
const [pool] = tree.pools();
if (pool === undefined) throw new Error('the tree has pools');

export const huge = (pages: number): RequestedBacking => ({ backing: 'hugetlb', pageSize: H, byteLength: pages * H });
export const thp = (pages: number): RequestedBacking => ({ backing: 'thp', pageSize: H, byteLength: pages * H });
export const base = (byteLength: number): RequestedBacking => ({ backing: 'base', pageSize: BASE, byteLength });

/** The tree's machine, with these parts of it changed. */
export type Changes = { [Part in 'memory' | 'limits' | 'cgroups' | 'thp' | 'thpOfPmdSize']?: Partial<ReturnType<Machine[Part]>> } & {
  pool?: Partial<typeof pool>;
  nodes?: readonly number[];
  kernel?: ReturnType<Machine['kernel']>;
  held?: Machine['held'];
  mounts?: ReturnType<Machine['mounts']>;
  place?: ReturnType<Machine['place']>;
  segments?: ReturnType<Machine['segments']>;
  segmentPageSize?: number;
  fileSize?: ReturnType<Machine['fileSize']>;
};

function machine({ memory, limits, cgroups, thp, thpOfPmdSize, nodes = tree.nodes(), held = tree.held, ...changes }: Changes): Machine {
  return {
    pools: () => [{ ...pool, ...changes.pool } as typeof pool & object],
    memory: () => ({ ...tree.memory(), ...memory }),
    limits: () => ({ ...tree.limits(), ...limits }),
    cgroups: () => ({ ...tree.cgroups(), ...cgroups }),
    thp: () => ({ ...tree.thp(), ...thp }),
    thpOfPmdSize: () => ({ enabled: undefined, shmem: undefined, ...thpOfPmdSize }),
    mounts: () => changes.mounts ?? tree.mounts(),
    mountFor: () => undefined,
    place: () => changes.place,
    segments: () => changes.segments ?? { segments: [], most: 4096 },
    segmentPageSize: () => changes.segmentPageSize,
    fileSize: () => changes.fileSize ?? { soft: Infinity, hard: Infinity },
    nodes: () => nodes,
    kernel: () => changes.kernel,
    held,
  };
}

export function reasons(candidate: RequestedBacking, changes: Changes = {}, request: Partial<Request> = {}): readonly Reason[] {
  return diagnose({ ...REQUEST, ...request }, [candidate], machine(changes)).candidates[0]?.reasons ?? [];
}

export function codes(...question: Parameters<typeof reasons>): string[] {
  return reasons(...question).map(({ step, code }) => `${step}: ${code}`);
}
