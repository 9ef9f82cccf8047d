import { describe, expect, it } from 'vitest';
import { nodeCpus } from '../../../lib/host/numa.js';
import { TWO_NODES } from './fixtures.js';

describe('nodeCpus', () => {
  it('joins the CPUs of several nodes, each once', () => {
    expect(nodeCpus([1, 0, 1], TWO_NODES)).toEqual(Array.from({ length: 16 }, (_, cpu) => cpu));
  });

  it('names the nodes of the machine for one that it lacks', () => {
    expect(() => nodeCpus([2], TWO_NODES)).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining('0-1') as string }) as Error,
    );
  });
});
