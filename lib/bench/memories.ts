/** Memory of every kind of page that this machine gives, for as long as something is measured on it. */
import { HugePagesError } from '../errors.js';
import { PoolLoan } from '../host/pools/loan.js';
import { pools } from '../host/pools/pools.js';
import type { PoolSnapshot } from '../host/pools/pools.js';
import { allocate } from '../region/allocate.js';
import type { Region } from '../region/region.js';
import { counted, formatSize } from '../units.js';
import { backingName } from './backing-name.js';
import { possibleBackings } from './backings.js';
import type { Session } from './session.js';
import type { BenchBacking } from './types.js';

/** What is taken. */
export interface Taking {
  /** By default all that there may be. */
  readonly backings?: readonly BenchBacking[];
  /** Whether a pool that has less is left out, and not taken as it is. Default false. */
  readonly whole?: boolean;
}

/** Populated memory of one kind. */
export interface Memory {
  readonly backing: BenchBacking;
  readonly region: Region;
}

/** Regions, and the pages that pools were lent for them, until {@link Memories.dispose}. */
export class Memories {
  readonly #session: Session;
  readonly #regions: Region[] = [];
  readonly #loans: PoolLoan[] = [];

  constructor(session: Session) {
    this.#session = session;
    // For every end that unwinds no stack.
    process.once('exit', this.#putBack);
  }

  /**
   * Takes up to `bytes` of each kind, populated; of a pool whole pages, as many as it has. What cannot be had is noted.
   *
   * @returns what was had, in the order of `backings`
   * @throws AbortError; HugePagesError when there are not even base pages
   */
  async take(bytes: number, { backings = possibleBackings(), whole = false }: Taking = {}): Promise<readonly Memory[]> {
    const taken: Memory[] = [];
    for (const backing of backings) {
      try {
        const region = await this.#allocate(backing, bytes, whole);
        if (region === undefined) continue;
        taken.push({ backing, region });
        this.#regions.push(region);
      } catch (error) {
        if (!(error instanceof HugePagesError) || backing.kind === 'base') throw error;
        this.#session.note(`${backingName(backing)}: not measured. ${error.message}`);
      }
    }
    return taken;
  }

  /**
   * Has the pool of a kind give up to `bytes`, for what is mapped elsewhere.
   *
   * @param whole - whether less is of no use
   * @returns how many bytes there are, in whole pages: less where the pool has less
   * @throws HugePagesError `ERR_HUGEPAGES_NO_MEMORY` where no pool is asked, and so much memory is not available
   */
  obtain({ kind, pageSize }: BenchBacking, bytes: number, whole = false): number {
    const pages = Math.ceil(bytes / pageSize);
    if (kind === 'hugetlb') return this.#obtain(pageSize, pages, whole) * pageSize;
    checkRoom(pages * pageSize);
    return pages * pageSize;
  }

  /** Everything back as it was. */
  dispose(): void {
    process.off('exit', this.#putBack);
    this.#putBack();
  }

  readonly #putBack = (): void => {
    for (const region of this.#regions) region.dispose();
    for (const loan of this.#loans) loan.giveBack();
  };

  async #allocate(backing: BenchBacking, bytes: number, whole: boolean): Promise<Region | undefined> {
    const { kind, pageSize } = backing;
    const size = this.obtain(backing, bytes, whole);
    if (size === 0) return undefined;
    const { signal } = this.#session;
    const region = await allocate({ size, pageSize, backing: [kind], ...(signal !== undefined && { prefault: { signal } }) });
    const note = region.attempts.at(-1)?.note;
    if (note !== undefined) this.#session.note(`${backingName(backing)}: ${note}`);
    return region;
  }

  /** Pages of a pool that can be had: as many as are wanted, unless it lacks them and is not to be grown, or cannot be. */
  #obtain(pageSize: number, wanted: number, whole: boolean): number {
    const has = unreserved(pools().find((pool) => pool.pageSize === pageSize));
    const name = `hugetlb ${formatSize(pageSize)}`;
    if (has >= wanted) return wanted;
    if (this.#session.plan.growPools) {
      const refusal = this.#grow(pageSize, wanted);
      if (refusal === undefined) return wanted;
      this.#session.note(`${name}: ${refusal}`);
    }
    const lack = `the pool has ${counted(has, 'page')} to give, and ${String(wanted)} ${wanted === 1 ? 'is' : 'are'} wanted`;
    const used = whole ? 0 : has;
    this.#session.note(`${name}: ${used === 0 ? 'not measured' : `measured on ${formatSize(used * pageSize)}`}, ${lack}`);
    return used;
  }

  /** @returns why not, unless it worked */
  #grow(pageSize: number, freePages: number): string | undefined {
    try {
      const bytes = pageSize * freePages;
      if (bytes > process.availableMemory() / 2) return `${formatSize(bytes)} are more than half of what is available`;
      const loan = new PoolLoan('hugepages bench', { pageSize, freePages });
      this.#loans.push(loan);
      if (loan.missing === 0) return undefined;
      loan.giveBack();
      return `the kernel did not find contiguous memory for ${String(loan.missing)} of ${String(loan.added + loan.missing)} more pages`;
    } catch (error) {
      if (error instanceof HugePagesError) return `the pool cannot be grown. ${error.message}`;
      throw error;
    }
  }
}

/** Populating more than there is would have the kernel kill somebody. */
function checkRoom(bytes: number): void {
  const available = process.availableMemory();
  if (bytes <= available) return;
  const message = `There is ${formatSize(available)} of memory available, and ${formatSize(bytes)} are wanted`;
  throw new HugePagesError('ERR_HUGEPAGES_NO_MEMORY', message, { details: { bytes, available }, remedy: 'Measure on less memory' });
}

function unreserved(pool: PoolSnapshot | undefined): number {
  return pool === undefined ? 0 : Math.max(0, pool.free - pool.reserved);
}
