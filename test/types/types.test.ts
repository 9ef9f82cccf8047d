/** The published types, as users with different compiler options see them: right programs compile, wrong ones do not. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const PROGRAMS = ['right', 'wrong', 'sources', 'host', 'inspect'].map((name) =>
  fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)),
);

const COMMON: ts.CompilerOptions = {
  noEmit: true,
  types: ['node'],
  // The declarations themselves are checked as well.
  skipLibCheck: false,
  target: ts.ScriptTarget.ES2022,
};

const USERS: Record<string, ts.CompilerOptions> = {
  'ECMAScript modules, strict': { module: ts.ModuleKind.NodeNext, strict: true, exactOptionalPropertyTypes: true },
  'a bundler': { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, strict: true },
  'the newest library': { module: ts.ModuleKind.NodeNext, strict: true, target: ts.ScriptTarget.ESNext },
};

it.each(Object.keys(USERS))('%s', (user) => {
  const program = ts.createProgram(PROGRAMS, { ...COMMON, ...USERS[user] });
  const diagnostics = ts.getPreEmitDiagnostics(program);
  const host = { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => process.cwd(), getNewLine: () => '\n' };
  expect(ts.formatDiagnostics(diagnostics, host)).toBe('');
});
