/** Small C programs for what Node.js cannot do by itself. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from './programs.js';

/** The path of a C compiler; see `compiler` of the needs of a test. */
export const COMPILER = ['cc', 'gcc', 'clang'].map(findProgram).find((path) => path !== undefined);

/** Compiles a source for as long as `use` runs, which is given the path of what came of it. */
export async function withCompiled(source: URL, flags: readonly string[], use: (path: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'hugepages-test-'));
  chmodSync(directory, 0o755); // for other users
  try {
    const path = join(directory, 'compiled');
    const args = ['-Wall', '-Werror', ...flags, '-o', path, fileURLToPath(source)];
    const { status, stderr } = spawnSync(COMPILER ?? 'cc', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${source.href} does not compile:\n${stderr}`);
    await use(path);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
