/** One run of a benchmark: where it runs, what stops it, what it has found and what it has not. */
import { checkBoolean, checkFunction, checkInteger, checkOptions, checkSignal } from '../arguments.js';
import { abortError } from '../errors.js';
import { native } from '../native.js';
import { describeMachine } from './machine.js';
import { median, summarize } from './statistics.js';
import type { BenchFigure, BenchOptions, BenchProgress, BenchResult } from './types.js';

export const MOST_ROUNDS = 1000;

const COMMON = ['rounds', 'growPools', 'signal', 'onProgress'] as const;

/** Options that every benchmark has, checked. */
export interface Plan {
  readonly rounds: number;
  readonly growPools: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: BenchOptions['onProgress'];
}

/**
 * @param own - the names of the benchmark's other options
 * @returns the options that all have, and all of them unchecked
 */
export function parsePlan<K extends string>(value: unknown, own: readonly K[], rounds: number): [Plan, Partial<Record<K, unknown>>] {
  const options = checkOptions(value, 'options', [...COMMON, ...own]) as Record<string, unknown>;
  const { onProgress } = options;
  const plan: Plan = {
    rounds: options['rounds'] === undefined ? rounds : checkInteger(options['rounds'], 'options.rounds', 1, MOST_ROUNDS),
    growPools: checkBoolean(options['growPools'], 'options.growPools', false),
    signal: checkSignal(options['signal'], 'options.signal'),
    onProgress: onProgress === undefined ? undefined : (checkFunction(onProgress, 'options.onProgress') as BenchOptions['onProgress']),
  };
  return [plan, options as Partial<Record<K, unknown>>];
}

export class Session {
  readonly plan: Plan;
  /** What native accesses keep to: the last one, since the first has most of the interrupts. */
  readonly cpu: number;
  readonly #benchmark: string;
  readonly #begin = new Date();
  readonly #machine = describeMachine();
  readonly #notes = new Set<string>();
  readonly #clock: number[] = [];
  #ticks: number[] = [];
  #done = 0;
  #total = 0;

  /** @throws AbortError where the signal has come already */
  constructor(benchmark: string, plan: Plan) {
    this.#benchmark = benchmark;
    this.plan = plan;
    const allowed = native.allowedCpus();
    this.cpu = allowed.at(-1) ?? -1;
    this.throwIfAborted();
    if (allowed.length === 1) this.note('Only one CPU: the event loop and whatever else runs take turns with what is measured');
  }

  get rounds(): number {
    return this.plan.rounds;
  }

  get signal(): AbortSignal | undefined {
    return this.plan.signal;
  }

  /** Something is missing or less than was hoped for: said once. */
  note(text: string): void {
    this.#notes.add(text);
  }

  throwIfAborted(): void {
    if (this.signal?.aborted === true) throw abortError(this.signal);
  }

  /** There is more to be done. */
  expect(steps: number): void {
    this.#total += steps;
  }

  /** How long a step of the clock was beside a sample: where that was taken on this thread, now. */
  tick(nanoseconds = native.clockStep()): void {
    this.#ticks.push(nanoseconds);
  }

  /**
   * One step is done.
   *
   * @returns the clock of its samples
   */
  step(what: string): number {
    this.throwIfAborted();
    if (this.#ticks.length === 0) this.tick();
    const clock = median(this.#ticks);
    this.#ticks = [];
    this.#clock.push(clock);
    const progress: BenchProgress = { done: ++this.#done, total: this.#total, what };
    this.plan.onProgress?.(progress);
    return clock;
  }

  result(settings: BenchResult['settings'], figures: readonly BenchFigure[]): BenchResult {
    const noises = figures.flatMap(({ noise }) => noise ?? []);
    return {
      schema: 'hugepages-bench',
      version: 1,
      benchmark: this.#benchmark,
      date: this.#begin.toISOString(),
      milliseconds: Date.now() - this.#begin.getTime(),
      machine: this.#machine,
      settings: { rounds: this.rounds, growPools: this.plan.growPools, ...settings },
      figures,
      ...(noises.length > 0 && { noise: median(noises) }),
      clock: { samples: this.#clock, ...summarize(this.#clock) },
      notes: [...this.#notes],
    };
  }
}
