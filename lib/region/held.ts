/** Memory that this thread holds, and gives up. */
import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { illegalConstructor, invalidThis } from '../errors.js';
import type { SourceKind } from '../native/regions.js';
import { forgetDegraded, watchDegraded } from './degraded.js';
import type { DegradedEvents } from './degraded.js';
import { Hold } from './hold.js';
import type { HoldInit } from './hold.js';
import { forget, watch } from './leaks.js';
import type { Site } from './leaks.js';
import { disposedError } from './job.js';
import type { PrefaultPlan } from './prefault-options.js';
import type { Attempt, PrefaultResult, Source } from './types.js';

/** What a region is made of; see `createRegion`. */
export interface RegionInit extends HoldInit {
  attempts: readonly Attempt[];
  site: Site;
  prefaulted: PrefaultResult | undefined;
  /** A prefault to start now. */
  background: PrefaultPlan | undefined;
}

const SOURCES = ['anonymous', 'memfd', 'file', 'sysv'] as const satisfies readonly (keyof typeof SourceKind)[];

/** Only this folder has it: the way to tell its own constructor calls from others'. */
export const INTERNAL = Symbol('internal');

/**
 * The receiver's hold, if it is a Region: private names would throw as well, without a code.
 * @internal
 */
export let holdOf: (receiver: unknown) => Hold;

/**
 * The hold of a Region that was not disposed.
 * @internal
 */
export function live(receiver: unknown): Hold {
  const hold = holdOf(receiver);
  if (hold.disposed) throw disposedError();
  return hold;
}

/** What a Region is before anything is done with its memory: facts, and {@link HeldMemory.dispose}. */
export abstract class HeldMemory extends EventEmitter<DegradedEvents> {
  static {
    holdOf = (receiver) => {
      if (typeof receiver !== 'object' || receiver === null || !(#hold in receiver)) throw invalidThis('Region');
      return receiver.#hold;
    };
  }

  /** Each backing that was tried, and what ruled it out. The last one was taken. Empty for an attached region. */
  readonly attempts: readonly Attempt[];
  readonly #hold: Hold;

  /** @internal */
  protected constructor(key: typeof INTERNAL, init: RegionInit) {
    // The key is there for JavaScript, which knows no protected constructors.
    if ((key as unknown) !== INTERNAL) throw illegalConstructor('Region', 'allocate(), allocateSync() or Region.attach()');
    super();
    this.attempts = init.attempts;
    this.#hold = new Hold(this, init);
    const { survivalPageSize } = this.#hold.facts;
    watch(this.#hold);
    if (survivalPageSize > 0) watchDegraded(this, init.handle, survivalPageSize);
  }

  /** Names the region within its process, for as long as it lives. */
  get id(): string {
    return holdOf(this).id;
  }

  /** Bytes: the size asked for, rounded up to whole pages. */
  get byteLength(): number {
    return holdOf(this).facts.byteLength;
  }

  /** Bytes per page of the backing that was taken. */
  get pageSize(): number {
    return holdOf(this).facts.pageSize;
  }

  /** Where the region begins in the address space of this process. */
  get address(): bigint {
    return holdOf(this).address;
  }

  /** Whether the mapping is MAP_SHARED. */
  get shared(): boolean {
    return holdOf(this).facts.shared;
  }

  /** What is mapped. */
  get source(): Source {
    return SOURCES[holdOf(this).facts.source] ?? 'anonymous';
  }

  /** Of a persistent file, where it is. */
  get path(): string | undefined {
    const { path } = holdOf(this);
    return path === '' ? undefined : path;
  }

  /** Whether {@link HeldMemory.dispose} was called. */
  get disposed(): boolean {
    return holdOf(this).disposed;
  }

  /**
   * Gives the region up. ArrayBuffers of this thread are detached, and when no other thread holds the region its pages go back at once;
   * if a prefault is under way, it is stopped and they go back before its promise settles. A second call does nothing.
   *
   * Await your own I/O first: a read into a Buffer of the region that is still under way has nowhere to go.
   */
  dispose(): void {
    const hold = holdOf(this);
    if (hold.disposed) return;
    forget(hold);
    forgetDegraded(hold.handle);
    hold.release();
  }

  /** {@link HeldMemory.dispose}, for `using`. */
  [Symbol.dispose](): void {
    holdOf(this);
    this.dispose();
  }

  /** What the region is, for logs. It is no token, which `region.share()` makes. */
  toJSON(): Pick<this, 'id' | 'source' | 'byteLength' | 'pageSize' | 'shared' | 'disposed'> {
    const { id, disposed, facts } = holdOf(this);
    const { byteLength, pageSize, shared } = facts;
    return { id, source: this.source, byteLength, pageSize, shared, disposed };
  }

  /** The facts: what an EventEmitter and a handle look like inside helps nobody. */
  [inspect.custom](): unknown {
    const { address } = holdOf(this);
    return Object.assign(Object.create({ constructor: this.constructor }) as object, this.toJSON(), { address });
  }
}
