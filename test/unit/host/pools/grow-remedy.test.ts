import { describe, expect, it } from 'vitest';
import { growRemedy } from '../../../../lib/host/pools/grow-remedy.js';
import { pool } from '../../../../lib/host/pools/pools.js';
import { TWO_NODES } from '../fixtures.js';

const FILE = '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages';
// 300 pages, 120 free, 20 of them reserved: 100 for a new mapping.
const snapshot = pool('2MiB', TWO_NODES);
if (snapshot === undefined) throw new Error('the tree has this pool');

describe('growRemedy', () => {
  it('adds what is missing', () => {
    expect(growRemedy(snapshot, 150, 0).command).toBe(`echo 350 | tee ${FILE}`);
  });

  it('asks an ordinary user for sudo', () => {
    expect(growRemedy(snapshot, 150, 1000).command).toBe(`echo 350 | sudo tee ${FILE}`);
  });

  it('never shrinks the pool', () => {
    expect(growRemedy(snapshot, 10, 0).command).toBe(`echo 300 | tee ${FILE}`);
  });

  it('says it in a sentence with the command', () => {
    const { sentence, command } = growRemedy(snapshot, 150, 0);
    expect(sentence).toContain('2MiB');
    expect(sentence.endsWith(command)).toBe(true);
  });
});
