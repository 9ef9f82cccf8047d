/** The kernel's own page-types, from Debian's package of its source: built once, and kept beside the virtual machines of test/vm. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { newestPackage, unpack } from '../../test/vm/harness/apt.js';
import { cached } from '../../test/vm/harness/cache.js';
import { Unavailable } from '../support/unavailable.js';

const PAGE = 4096n;

/** tools/vm until Linux 6.2, tools/mm since. */
const SOURCES = ['tools/[vm]m/page-types.c', 'tools/lib/api/*', 'tools/include/*', 'include/uapi/linux/*'];

/**
 * Runs it on a part of this process.
 *
 * @throws Unavailable where it cannot be had
 */
export function pageTypes(): (address: bigint, length: number) => void {
  const program = pageTypesProgram();
  return (address, length) => {
    const pages = `${String(address / PAGE)},${String((address + BigInt(length)) / PAGE)}`;
    execFileSync(program, ['--pid', String(process.pid), '--addr', pages], { stdio: 'ignore' });
  };
}

/**
 * Its path.
 *
 * @throws Unavailable where it cannot be had
 */
export function pageTypesProgram(): string {
  try {
    return join(cached('page-types', build), 'page-types');
  } catch (error) {
    throw new Unavailable(`the source of page-types could not be had: ${(error as Error).message}`, { cause: error });
  }
}

function build(directory: string): void {
  unpack([newestPackage(/^linux-source-6\.\d+$/)], directory);
  const packed = join(directory, 'usr/src');
  const archive = readdirSync(packed).find((name) => name.endsWith('.tar.xz')) ?? '';
  const patterns = SOURCES.map((pattern) => `*/${pattern}`);
  execFileSync('tar', ['--extract', '--strip-components=1', '--wildcards', '-f', join(packed, archive), '-C', directory, ...patterns]);
  const [tool = ''] = readdirSync(join(directory, 'tools')).filter((name) => name === 'vm' || name === 'mm');
  const includes = ['lib', 'lib/api', 'include'].map((path) => `-Itools/${path}`);
  const sources = [`tools/${tool}/page-types.c`, 'tools/lib/api/fs/fs.c', 'tools/lib/api/debug.c'];
  execFileSync('gcc', ['-O2', '-w', ...includes, '-o', 'page-types', ...sources], { cwd: directory, stdio: 'pipe' });
  for (const name of readdirSync(directory).filter((name) => name !== 'page-types')) rmSync(join(directory, name), { recursive: true });
}
