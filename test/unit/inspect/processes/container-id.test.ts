import { describe, expect, it } from 'vitest';
import { parseCgroups } from '../../../../lib/host/cgroup-hierarchy.js';
import { containerOf } from '../../../../lib/inspect/processes/container-id.js';

const ID = '0123456789abcdef'.repeat(4);
const OTHER = 'f'.repeat(64);
const TASK = '0123456789abcdef'.repeat(2);
const POD = 'kubepods-besteffort-pod12345678_9abc_def0_1234_56789abcdef0.slice';

describe('containerOf', () => {
  it.each([
    [`0::/system.slice/docker-${ID}.scope`, { kind: 'docker', id: ID }],
    [`0::/docker/${ID}`, { kind: 'docker', id: ID }],
    [`0::/docker/${ID}/init.scope`, { kind: 'docker', id: ID }],
    [`0::/machine.slice/libpod-${ID}.scope/container`, { kind: 'podman', id: ID }],
    [`0::/kubepods.slice/kubepods-besteffort.slice/${POD}/cri-containerd-${ID}.scope`, { kind: 'kubernetes', id: ID }],
    [`0::/kubepods/besteffort/pod1/${ID}`, { kind: 'kubernetes', id: ID }],
    [`0::/system.slice/containerd.service/${POD}:cri-containerd:${ID}`, { id: ID }],
    [`0::/docker/${OTHER}/docker/${ID}`, { kind: 'docker', id: ID }],
    [`12:pids:/\n4:hugetlb:/docker/${ID}\n0::/`, { kind: 'docker', id: ID }],
    [`0::/ecs/${TASK}/${TASK}-2531612879`, { id: `${TASK}-2531612879` }],
    ['0::/lxc.payload.web-1/system.slice', { kind: 'lxc', id: 'web-1' }],
  ])('%s', (text, expected) => {
    expect(containerOf(parseCgroups(text))).toMatchObject(expected);
  });

  const none = ['', '0::/', '0::/user.slice/user-1000.slice', `0::/machine.slice/libpod-conmon-${ID}.scope`, `0::/a/${ID}0`];
  it.each(none)('%s is none', (text) => {
    expect(containerOf(parseCgroups(text))).toBeUndefined();
  });
});
