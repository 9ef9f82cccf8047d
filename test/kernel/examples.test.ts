/** Every example runs to its end on this machine as it is, and leaves the pools alone. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startChild } from '../support/child.js';
import { allCounters } from '../support/pool.js';

const EXAMPLES = new URL('../../examples/', import.meta.url);

describe('examples', () => {
  it.each(readdirSync(EXAMPLES).filter((name) => name.endsWith('.mjs')))('%s', async (name) => {
    const before = allCounters();
    const { result } = startChild(new URL(name, EXAMPLES));
    expect(await result).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(allCounters()).toEqual(before);
  });
});
