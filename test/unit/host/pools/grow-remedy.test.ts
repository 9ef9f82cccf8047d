import { describe, expect, it } from 'vitest';
import { growRemedy } from '../../../../lib/host/pools/grow-remedy.js';
import { pool } from '../../../../lib/host/pools/pools.js';
import { TWO_NODES } from '../fixtures.js';

const PAGE = 2 ** 21;
// 300 pages, 120 free, 20 of them reserved: 100 for a new mapping.
const snapshot = pool(PAGE, TWO_NODES);
if (snapshot === undefined) throw new Error('the tree has this pool');

const writes = (pages: number): unknown =>
  expect.stringMatching(`^echo ${String(pages)} \\| (sudo )?tee /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages$`);

describe('growRemedy', () => {
  it('adds what is missing', () => {
    expect(growRemedy(snapshot, 150, 50 * PAGE)).toMatchObject({ command: writes(350), needsRoot: true });
  });

  it('never shrinks the pool', () => {
    expect(growRemedy(snapshot, 10, 0)).toMatchObject({ command: writes(300) });
  });

  it('says it in a sentence with the command', () => {
    const { sentence, command = '' } = growRemedy(snapshot, 150, 50 * PAGE);
    expect(sentence).toBe(`Grow the pool of 2MiB pages from 300 to 350: ${command}`);
  });

  it('names no command that would take more memory than there is', () => {
    const sentence = expect.stringMatching(/^Ask for less, or free memory: .*98MiB/) as string;
    expect(growRemedy(snapshot, 150, 49 * PAGE)).toEqual({ sentence, needsRoot: false });
  });
});
