/** Random operations on regions of one pool, each done to the machine and to {@link PoolModel}. */
import { expect } from 'vitest';
import { Region, allocateSync, setPoolSync } from '../../lib/index.js';
import type { Protection } from '../../lib/index.js';
import { rejectionOf } from '../support/thrown.js';
import { PoolModel } from './pool-model.js';

/** What to do. `region` and `page` count around: there is always one of them, unless nothing is held at all. */
export type Operation =
  | { readonly type: 'nothing' }
  | { readonly type: 'allocate'; readonly pages: number; readonly shared: boolean; readonly reserve: boolean; readonly prefault: boolean }
  | { readonly type: 'prefault'; readonly region: number; readonly page: number; readonly pages: number }
  | { readonly type: 'touch'; readonly region: number; readonly page: number; readonly write: boolean }
  | { readonly type: 'protect'; readonly region: number; readonly page: number; readonly pages: number; readonly mode: Protection }
  | { readonly type: 'share'; readonly region: number }
  | { readonly type: 'dispose'; readonly region: number }
  | { readonly type: 'resize'; readonly pages: number };

type Of<T extends Operation['type']> = Extract<Operation, { type: T }>;

interface Page {
  present: boolean;
  protection: Protection;
}

interface Memory {
  readonly reserved: boolean;
  readonly pages: Page[];
  holds: number;
}

interface Holder {
  readonly region: Region;
  readonly memory: Memory;
}

export class PoolMachine {
  readonly model: PoolModel;
  readonly #pageSize: number;
  readonly #holders: Holder[] = [];

  /** The pool has to have these pages, all free. */
  constructor(pageSize: number, pages: number) {
    this.#pageSize = pageSize;
    this.model = new PoolModel(pages);
  }

  async apply(operation: Operation): Promise<void> {
    switch (operation.type) {
      case 'nothing':
        return;
      case 'allocate':
        this.#allocate(operation);
        return;
      case 'resize':
        setPoolSync({ pageSize: this.#pageSize, pages: operation.pages, allowSurplus: true });
        this.model.resize(operation.pages);
        return;
      default:
        await this.#use(operation);
    }
  }

  disposeAll(): void {
    while (this.#holders.length > 0) this.#dispose(0);
  }

  async #use(operation: Of<'prefault' | 'touch' | 'protect' | 'share' | 'dispose'>): Promise<void> {
    const index = operation.region % Math.max(this.#holders.length, 1);
    const holder = this.#holders[index];
    if (holder === undefined) return;
    switch (operation.type) {
      case 'prefault':
        await this.#prefault(holder, operation);
        return;
      case 'touch':
        this.#touch(holder, operation);
        return;
      case 'protect':
        this.#protect(holder, operation);
        return;
      case 'share':
        this.#holders.push({ region: Region.attach(holder.region.share()), memory: holder.memory });
        holder.memory.holds++;
        return;
      case 'dispose':
        this.#dispose(index);
    }
  }

  #allocate({ pages, shared, reserve, prefault }: Of<'allocate'>): void {
    const memory: Memory = {
      reserved: reserve,
      pages: Array.from({ length: pages }, () => ({ present: false, protection: 'read-write' })),
      holds: 1,
    };
    const mapped = !reserve || this.model.reserve(pages);
    const populated = mapped && (!prefault || this.#populate(memory, 0, pages));
    const allocate = (): Region =>
      allocateSync({
        size: pages * this.#pageSize,
        pageSize: this.#pageSize,
        backing: ['hugetlb'],
        shared,
        reserve,
        prefault: prefault && { threads: 1 },
      });
    if (populated) {
      this.#holders.push({ region: allocate(), memory });
      return;
    }
    expect(allocate).toThrow(expect.objectContaining({ code: mapped ? 'ERR_HUGEPAGES_POPULATE' : 'ERR_HUGEPAGES_NO_MEMORY' }));
    if (mapped) this.#free(memory);
  }

  async #prefault({ region, memory }: Holder, { page, pages }: Of<'prefault'>): Promise<void> {
    const [first, count] = part(memory, page, pages);
    const populated = this.#populate(memory, first, count);
    const prefault = region.prefault({ offset: first * this.#pageSize, length: count * this.#pageSize, threads: 1 });
    if (populated) expect(await prefault).toMatchObject({ populatedBytes: count * this.#pageSize });
    else expect(await rejectionOf(prefault)).toMatchObject({ code: 'ERR_HUGEPAGES_POPULATE' });
  }

  /** In order, up to the first page that cannot be had or written. */
  #populate(memory: Memory, first: number, count: number): boolean {
    return memory.pages.slice(first, first + count).every((page) => page.protection === 'read-write' && this.#fault(memory, page));
  }

  #fault(memory: Memory, page: Page): boolean {
    page.present ||= this.model.take(memory.reserved);
    return page.present;
  }

  /** From JavaScript, where it is no signal. */
  #touch({ region, memory }: Holder, { page: number, write }: Of<'touch'>): void {
    const index = number % memory.pages.length;
    const page = memory.pages[index];
    if (page === undefined || page.protection === 'none' || (write && page.protection === 'read')) return;
    if (!this.#fault(memory, page)) return;
    const bytes = region.bytes(index * this.#pageSize, this.#pageSize);
    if (write) bytes[index] = 1;
    else expect(bytes[this.#pageSize - 1]).toBe(0);
  }

  #protect({ region, memory }: Holder, { page, pages, mode }: Of<'protect'>): void {
    const [first, count] = part(memory, page, pages);
    for (const one of memory.pages.slice(first, first + count)) one.protection = mode;
    region.protect(mode, first * this.#pageSize, count * this.#pageSize);
  }

  #dispose(index: number): void {
    for (const { region, memory } of this.#holders.splice(index, 1)) {
      region.dispose();
      if (--memory.holds === 0) this.#free(memory);
    }
  }

  #free({ reserved, pages }: Memory): void {
    const touched = pages.filter(({ present }) => present).length;
    this.model.giveBack(touched);
    if (reserved) this.model.unreserve(pages.length - touched);
  }
}

/** The first page and the number of pages of a part that lies in the region. */
function part(memory: Memory, page: number, pages: number): [first: number, count: number] {
  const first = page % memory.pages.length;
  return [first, Math.min(pages, memory.pages.length - first)];
}
