/** The bundle is the library, and its import is the start of every program that uses it. */
import { describe, expect, it } from 'vitest';
import * as library from '../../lib/index.js';
import { runChild } from '../support/child.js';

interface Imported {
  /** The names of the constructors of what is exported: stand-ins are `AsyncFunction` as well. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly loaded: readonly string[];
}

const CHILD = new URL('children/import.mjs', import.meta.url);

describe("import 'hugepages'", async () => {
  const { kinds, loaded } = (await runChild(CHILD)).json as Imported;

  it('has what the sources export, with asynchronous functions that are', () => {
    expect(kinds).toEqual(Object.fromEntries(Object.entries(library).map(([name, value]) => [name, value.constructor.name])));
  });

  it('loads nothing of Node.js that only some functions need', () => {
    const costly = ['crypto', 'child_process', 'net', 'perf_hooks', 'internal/fs/streams', 'internal/util/parse_args/parse_args'];
    expect(loaded).not.toEqual([]);
    expect(loaded.filter((name) => costly.some((module) => name === `NativeModule ${module}`))).toEqual([]);
  });
});
