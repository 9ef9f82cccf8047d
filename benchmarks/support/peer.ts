/** The bare C++ peer: native/peer.cc. */
import type { BackingKind } from 'hugepages';
import { NativeProgram } from './native-program.js';
import { compiled } from './native.js';

export class Peer extends NativeProgram {
  constructor() {
    super(compiled('peer'));
  }

  /** Populates memory that it maps for this. @returns milliseconds, with the making of the threads and without mmap and munmap */
  async populate(backing: BackingKind, pageSize: number, bytes: number, threads: number): Promise<number> {
    return (await this.ask(`populate ${backing} ${String(pageSize)} ${String(bytes)} ${String(threads)}`)) / 1e6;
  }

  /** Maps and unmaps one hugetlb page `count` times. @returns nanoseconds each */
  async cycle(pageSize: number, count: number): Promise<number> {
    return (await this.ask(`cycle ${String(pageSize)} ${String(count)}`)) / count;
  }

  /** Two processes answer each other `count` times. @returns microseconds each */
  async pingpong(count: number): Promise<number> {
    return (await this.ask(`pingpong ${String(count)}`)) / count / 1000;
  }
}
