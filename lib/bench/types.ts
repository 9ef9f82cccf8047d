/** What every benchmark returns: samples, and what may be said of them. */
import type { BackingKind } from '../host/explain/types.js';
import type { ThpState } from '../host/thp.js';
import type { Size } from '../units.js';
import type { Summary } from './statistics.js';

/** What the figures depend on. */
export interface BenchMachine {
  readonly kernel: string;
  readonly arch: string;
  readonly node: string;
  /** As `/proc/cpuinfo` names it. */
  readonly cpu: string;
  /** Of this process: `sched_getaffinity(2)`. */
  readonly cpus: number;
  /** Bytes of the caches of the first CPU, by level; empty where sysfs does not say. */
  readonly caches: readonly { readonly level: number; readonly bytes: number }[];
  /** A hypervisor is below, which hides what it backs this memory with. */
  readonly virtual: boolean;
  /** Bytes. */
  readonly memory: number;
  readonly thp: Pick<ThpState, 'enabled' | 'defrag' | 'pmdSize'>;
  /** Of the last minute, when the benchmark began. */
  readonly loadAverage: number;
}

/** Pages that something was measured on. */
export interface BenchBacking {
  readonly kind: BackingKind;
  /** Bytes. */
  readonly pageSize: number;
}

/** What runs the accesses: a thread of the addon, the JavaScript of this thread, or the kernel. */
export type BenchEngine = 'native' | 'javascript' | 'kernel';

/** A processor's counter, of each access; or why there is none. */
export interface BenchCounter {
  readonly name: string;
  /** One for each sample. */
  readonly perAccess?: readonly number[];
  readonly reason?: string;
}

/** One figure, with its samples. */
export interface BenchFigure extends Summary {
  /** Names the figure in every result of this benchmark: what {@link compareBenches} goes by. */
  readonly id: string;
  /** What was measured: `chase`. */
  readonly name: string;
  readonly engine: BenchEngine;
  /** Undefined where there are no pages of a kind, such as for an ordinary Buffer. */
  readonly backing?: BenchBacking;
  /** What a chart has on its horizontal axis. */
  readonly parameter: { readonly name: string; readonly value: number };
  readonly unit: 'ns' | 'us' | 'GiB/s';
  readonly better: 'lower' | 'higher';
  /** One a round. */
  readonly samples: readonly number[];
  /** {@link BenchResult.noise} at this parameter, where it was measured. */
  readonly noise?: number;
  /** {@link BenchResult.clock} while it was measured. */
  readonly clock: number;
  readonly counters?: readonly BenchCounter[];
}

/** What all benchmarks return; JSON keeps it. */
export interface BenchResult {
  readonly schema: 'hugepages-bench';
  /** Of the schema: a new one where a field changes its meaning or goes. */
  readonly version: 1;
  readonly benchmark: string;
  /** ISO 8601, when it began. */
  readonly date: string;
  /** Milliseconds that it took. */
  readonly milliseconds: number;
  readonly machine: BenchMachine;
  /** What was asked for, and what became of what was left out. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly figures: readonly BenchFigure[];
  /**
   * The noise floor: how far from 1 the ratio of a thing to itself was found, measured as all other ratios are. The median over the
   * figures; undefined where it was not measured.
   */
  readonly noise?: number;
  /**
   * Nanoseconds of a step that always takes as many cycles of the processor, on the CPU of the samples and beside them: how long a cycle
   * was. A sample for each group of figures that took turns. Figures of runs whose clocks differ, differ as much for that reason alone.
   */
  readonly clock: Summary & { readonly samples: readonly number[] };
  /** What is missing, and why. */
  readonly notes: readonly string[];
}

/** How far a benchmark is. */
export interface BenchProgress {
  readonly done: number;
  readonly total: number;
  /** What is being measured. */
  readonly what: string;
}

/** What all benchmarks take. */
export interface BenchOptions {
  /** Samples of each figure, 1 to 1000; by default what the benchmark needs for a useful interval. */
  readonly rounds?: number;
  /**
   * Whether pools lacking pages are grown, as root, by what is missing, which is given back at the end; what a killed process has not
   * given back, `restore()` does. Default false: a pool is used as it is.
   */
  readonly growPools?: boolean;
  /** Stops within some milliseconds. */
  readonly signal?: AbortSignal;
  /** Called on the event loop between two samples. */
  readonly onProgress?: (progress: BenchProgress) => void;
}

/** {@link BenchOptions} of a benchmark on memory of a size. */
export interface SizedBenchOptions extends BenchOptions {
  /**
   * Of each kind of page: 2 MiB to 16 GiB, of `benchShare()` to 4 GiB. By default what leaves half of the available memory, and of what
   * the limits of this process leave to map, up to 1 GiB.
   */
  readonly bytes?: Size;
}
