/** The C++ programs of benchmarks/native. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { inCheckout } from './root.js';

/**
 * The path of a program, which is compiled when its source is newer.
 *
 * @param flags - of the libraries that it takes
 */
export function compiled(name: string, flags: readonly string[] = []): string {
  const [source, header] = [`${name}.cc`, 'answers.h'].map((file) => inCheckout(`benchmarks/native/${file}`)) as [string, string];
  const program = inCheckout(`build/benchmarks/${name}`);
  if (modified(program) > Math.max(modified(source), modified(header))) return program;
  mkdirSync(path.dirname(program), { recursive: true });
  execFileSync('g++', ['-std=c++17', '-O2', '-Wall', '-Wextra', '-pthread', source, '-o', program, ...flags], { stdio: 'inherit' });
  return program;
}

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
