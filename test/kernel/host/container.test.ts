/** container() in namespaces that a container runtime would make, one at a time. */
import { readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { startCli } from '../../support/cli.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { NOBODY, requires } from '../../support/requirements.js';

const CHILD = fileURLToPath(new URL('children/container.mjs', import.meta.url));

async function containerIn(command: readonly string[], user = {}): Promise<unknown> {
  const { stdout, stderr } = await startCli([], { ...user, command: [...command, process.execPath, CHILD] }).result;
  expect(stderr).toBe('');
  // JSON leaves out what is undefined.
  return { otherMountNamespace: undefined, ...(JSON.parse(stdout) as object) };
}

/** A mount namespace in which a shell does something first. */
const after = (script: string): string[] => ['unshare', '--mount', 'sh', '-c', `${script} && exec "$@"`, 'sh'];

function mountNamespace(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/mnt`);
  } catch {
    return undefined; // it has capabilities that this process has not
  }
}

requires({ ordinaryUser: true, hugetlb: [HUGE_PAGE] }).describe('container', () => {
  const first = mountNamespace(1);
  const same = { otherMountNamespace: first === undefined ? undefined : first !== mountNamespace('self') };
  const other = { otherMountNamespace: first === undefined ? undefined : true };
  const writable = { readOnlySysfs: false, poolsWritable: true };
  const kind = 'mount -t tmpfs none /run && mkdir /run/systemd && echo wsl > /run/systemd/container';

  const cases: [what: string, command: string[], expected: Record<string, unknown>][] = [
    ['nothing', ['env'], { ...writable, ...same }],
    ['mounts of its own', ['unshare', '--mount'], { ...writable, ...other }],
    ['a read-only sysfs', after('mount -o remount,bind,ro /sys'), { readOnlySysfs: true, poolsWritable: false, ...other }],
    ['a PID namespace', ['unshare', '--pid', '--fork', '--mount-proc'], { ...writable, otherMountNamespace: undefined }],
    ['the file that systemd writes', after(kind), { ...writable, ...other, kind: expect.any(String) as string }],
  ];
  requires({}).it('tells what each of them keeps from the process', async () => {
    for (const [what, command, expected] of cases) expect(await containerIn(command), what).toMatchObject(expected);
  });

  requires({}).it('an ordinary user may not change the pools, nor look into the first process', async () => {
    const expected = { readOnlySysfs: false, poolsWritable: false, otherMountNamespace: undefined };
    expect(await containerIn(['env'], NOBODY)).toMatchObject(expected);
  });
});
