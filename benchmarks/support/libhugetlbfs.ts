/** libhugetlbfs, in a program of its own: native/libhugetlbfs.cc. */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { NativeProgram } from './native-program.js';
import { compiled } from './native.js';
import { NotInstalled } from './unavailable.js';

const LIBRARY = 'libhugetlbfs.so';

export class LibHugetlbfs extends NativeProgram {
  /** With its version. */
  readonly name: string;

  /** @throws NotInstalled */
  constructor() {
    // The compiler gives the name itself of a library that it does not find.
    const library = execFileSync('g++', [`-print-file-name=${LIBRARY}`], { encoding: 'utf8' }).trim();
    if (!existsSync(library)) {
      throw new NotInstalled('libhugetlbfs', 'apt-get install -y --no-install-recommends libhugetlbfs-dev');
    }
    super(compiled('libhugetlbfs', ['-lhugetlbfs']));
    const version = /-([\d.]+)\.so/.exec(realpathSync(library))?.[1] ?? '';
    this.name = `libhugetlbfs ${version}`.trim();
  }

  /** Takes memory and stores a byte into each page. @returns milliseconds */
  async take(pageSize: number, bytes: number): Promise<number> {
    return (await this.ask(`take ${String(pageSize)} ${String(bytes)}`)) / 1e6;
  }

  async give(): Promise<void> {
    await this.ask('give');
  }

  /** Takes and gives back a page `count` times, and touches none. @returns nanoseconds each */
  async cycle(pageSize: number, count: number): Promise<number> {
    return (await this.ask(`cycle ${String(pageSize)} ${String(count)}`)) / count;
  }
}
