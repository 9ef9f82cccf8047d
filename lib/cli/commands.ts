/** The commands: those that look, those that change, and the demo. None is loaded before it is called. */
import type { Command } from './command.js';

/** One line of the table. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'status',
    summary: 'pools, transparent huge pages, mounts, limits and cgroups',
    load: async () => (await import('./status.js')).status,
  },
  {
    name: 'doctor',
    summary: 'what is fine on this machine, what is not, and what to paste',
    load: async () => (await import('./doctor.js')).doctor,
  },
  {
    name: 'watch',
    summary: 'counters of the pools as they change',
    load: async () => (await import('./watch.js')).watch,
  },
  {
    name: 'ps',
    summary: 'the processes that have huge pages, by pool and kind',
    load: async () => (await import('./ps.js')).ps,
  },
  {
    name: 'map',
    summary: 'the mappings of a process with huge pages, and a picture of them',
    load: async () => (await import('./map.js')).map,
  },
  {
    name: 'ledger',
    summary: 'whose the pages of the pools are; what was left behind',
    load: async () => (await import('./ledger.js')).ledger,
  },
  {
    name: 'explain',
    summary: 'whether an allocation would succeed, and what mends it if not',
    load: async () => (await import('./explain.js')).explain,
  },
  {
    name: 'pool',
    summary: 'lists the pools, and resizes, grows and demotes them',
    load: async () => (await import('./pool.js')).pool,
  },
  {
    name: 'mount',
    summary: 'hugetlbfs mounts: lists, makes, removes; finds files left in them',
    load: async () => (await import('./mount.js')).mount,
  },
  {
    name: 'setup',
    summary: 'makes the machine ready, now and at every boot; --undo takes it back',
    load: async () => (await import('./setup.js')).setup,
  },
  {
    name: 'restore',
    summary: 'puts back what killed programs of this package have left changed',
    load: async () => (await import('./restore.js')).restore,
  },
  {
    name: 'bench',
    summary: 'measures what each kind of page costs and gains here',
    load: async () => (await import('./bench.js')).bench,
  },
  {
    name: 'demo',
    summary: 'shows huge pages at work on this machine, and leaves it as it was',
    load: async () => (await import('./demo.js')).demo,
  },
];
