/** `numa`: the policy of the region, as the kernel shows it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allocate, allocateSync } from '../../../lib/index.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { errorOf } from '../../support/thrown.js';

/** The policy in `/proc/self/numa_maps` of the mapping that begins there. */
function policyAt(address: bigint): string | undefined {
  const line = readFileSync('/proc/self/numa_maps', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${address.toString(16)} `));
  return line?.split(' ')[1];
}

const POLICIES = [
  [{ mode: 'bind', nodes: [0] }, 'bind:0'],
  [{ mode: 'preferred', nodes: [0] }, 'prefer:0'],
  [{ mode: 'interleave', nodes: [0] }, 'interleave:0'],
  [{ mode: 'local' }, 'local'],
] as const;

requires({ numa: true }).describe('a NUMA policy', () => {
  it.each(POLICIES)('%o is %s for the kernel', async (numa, policy) => {
    using region = await allocate({ size: H, backing: ['base'], numa });
    expect(policyAt(region.address)).toBe(policy);
    expect(region.backing.presentBytes).toBe(H);
  });

  it('is the default where none is asked for', () => {
    using region = allocateSync({ size: H, backing: ['base'] });
    expect(policyAt(region.address)).toBe('default');
  });

  it('of a node that the machine lacks is refused by name', () => {
    for (const options of [{ numa: { mode: 'bind', nodes: [1023] } }, { prefault: { nodes: [1023] } }] as const) {
      const error = errorOf(() => allocateSync({ size: H, backing: ['base'], ...options }));
      expect(error).toMatchObject({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining('1023') as string });
    }
  });

  it('lets a prefault run on the CPUs of a node', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['base'], prefault: false });
    await expect(region.prefault({ nodes: [0] })).resolves.toMatchObject({ populatedBytes: 4 * H });
  });

  const POOL = { pageSize: H, pages: 2 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it.each(POLICIES)('%o is %s for the kernel', (numa, policy) => {
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'], numa });
      expect(policyAt(region.address)).toBe(policy);
      expect(region.backing).toMatchObject({ kind: 'hugetlb', presentBytes: 2 * H });
    });
  });
});
