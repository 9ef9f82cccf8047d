/** The C++ programs of benchmarks/native. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { inCheckout } from './root.js';

/** The path of a program, which is compiled when its source is newer. */
export function compiled(name: string): string {
  const source = inCheckout(`benchmarks/native/${name}.cc`);
  const program = inCheckout(`build/benchmarks/${name}`);
  if (modified(program) > modified(source)) return program;
  mkdirSync(path.dirname(program), { recursive: true });
  execFileSync('g++', ['-std=c++17', '-O2', '-Wall', '-Wextra', '-pthread', source, '-o', program], { stdio: 'inherit' });
  return program;
}

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
