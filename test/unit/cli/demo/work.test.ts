import { describe, expect, it } from 'vitest';
import { timeFill, timeRandomReads } from '../../../../lib/cli/demo/work.js';
import { MiB } from '../../../../lib/units.js';

const aborted = AbortSignal.abort(new Error('stopped'));
const running = new AbortController().signal;

describe('timeFill', () => {
  it('fills every byte, also of what is no whole number of chunks', async () => {
    const memory = Buffer.alloc(33 * MiB + 1);
    expect(await timeFill(memory, 7, running)).toBeGreaterThan(0);
    expect(memory.equals(Buffer.alloc(memory.length, 7))).toBe(true);
  });

  it('stops at an abort', async () => {
    const memory = Buffer.alloc(1);
    await expect(timeFill(memory, 7, aborted)).rejects.toThrow('stopped');
    expect(memory[0]).toBe(0);
  });
});

describe('timeRandomReads', () => {
  it('reads and does not write', async () => {
    const words = new Int32Array(1024);
    expect(await timeRandomReads(words, 1 << 17, running)).toBeGreaterThan(0);
    expect(words).toEqual(new Int32Array(1024));
  });

  it('stops at an abort', async () => {
    await expect(timeRandomReads(new Int32Array(1024), 1, aborted)).rejects.toThrow('stopped');
  });
});
