/** What writes its input to a file under a memory policy, in a shell: the kernel goes by that of the writer. */
import type { PoolPolicy } from './types.js';

const OPTIONS = { bind: '--membind', interleave: '--interleave', preferred: '--preferred' } as const;

/** `numactl --interleave=0,1 tee` */
export function teeUnder(policy: PoolPolicy | undefined): string {
  return policy === undefined ? 'tee' : `numactl ${OPTIONS[policy.mode]}=${policy.nodes.join(',')} tee`;
}
