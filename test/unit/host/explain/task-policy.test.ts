import { describe, expect, it } from 'vitest';
import { taskNodes } from '../../../../lib/host/explain/task-policy.js';

function numaMaps(policy: string): string {
  return [
    `7f0000000000 ${policy} file=/usr/lib/libc.so.6 mapped=10 N0=10 kernelpagesize_kB=4`,
    '7f1000000000 bind:7 file=/anon_hugepage\\040(deleted) huge dirty=2 N7=2 kernelpagesize_kB=2048',
    `7ffd00000000 ${policy} stack anon=5 dirty=5 N1=5 kernelpagesize_kB=4`,
  ].join('\n');
}

describe('taskNodes', () => {
  it.each<[policy: string, nodes: number[] | undefined]>([
    ['bind:1', [1]],
    ['bind:0-1,3', [0, 1, 3]],
    ['bind=static:2', [2]],
    ['bind=relative:0-1', [0, 1]],
    ['default', undefined],
    ['prefer:1', undefined],
    ['prefer (many):0-1', undefined],
    ['interleave:0-3', undefined],
    ['local', undefined],
  ])('%s', (policy, nodes) => {
    expect(taskNodes(numaMaps(policy))).toEqual(nodes);
  });

  it('is undefined for a kernel without NUMA', () => {
    expect(taskNodes('')).toBeUndefined();
  });
});
