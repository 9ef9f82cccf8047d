/**
 * What the kernel does to the counters of one hugetlb pool, as a model: hugetlb_acct_memory(), alloc_hugetlb_folio(),
 * free_huge_folio() and set_max_huge_pages() of mm/hugetlb.c, for one NUMA node and without overcommit.
 */
import type { PoolCounters } from '../support/pool.js';

export class PoolModel {
  #total: number;
  #free: number;
  #reserved = 0;
  #surplus = 0;

  constructor(pages: number) {
    this.#total = pages;
    this.#free = pages;
  }

  counters(): PoolCounters {
    return { total: this.#total, free: this.#free, reserved: this.#reserved, surplus: this.#surplus };
  }

  /** Pages that nobody has and that nobody was promised. */
  get available(): number {
    return this.#free - this.#reserved;
  }

  /** mmap(2): all or nothing. */
  reserve(pages: number): boolean {
    if (pages > this.available) return false;
    this.#reserved += pages;
    return true;
  }

  /** munmap(2) of what was reserved and never touched. Surplus pages that were kept for it leave the pool. */
  unreserve(pages: number): void {
    this.#reserved -= pages;
    const leaving = Math.min(pages, this.#surplus);
    this.#surplus -= leaving;
    this.#total -= leaving;
    this.#free -= leaving;
  }

  /** A page fault. Without a reservation it fails when every free page is promised to others. */
  take(reserved: boolean): boolean {
    if (!reserved && this.available === 0) return false;
    this.#free--;
    if (reserved) this.#reserved--;
    return true;
  }

  /** Pages that were touched are freed: they leave the pool while it has surplus. */
  giveBack(pages: number): void {
    const leaving = Math.min(pages, this.#surplus);
    this.#surplus -= leaving;
    this.#total -= leaving;
    this.#free += pages - leaving;
  }

  /** Writing nr_hugepages, which counts persistent pages: pages in use or promised become surplus when it is below them. */
  resize(pages: number): void {
    const regained = Math.min(this.#surplus, Math.max(0, pages - (this.#total - this.#surplus)));
    this.#surplus -= regained;
    const growth = Math.max(0, pages - (this.#total - this.#surplus));
    this.#total += growth;
    this.#free += growth;
    const needed = this.#reserved + this.#total - this.#free;
    const shrunk = Math.max(0, this.#total - this.#surplus - Math.max(pages, needed));
    this.#total -= shrunk;
    this.#free -= shrunk;
    this.#surplus += Math.max(0, this.#total - this.#surplus - pages);
  }
}
