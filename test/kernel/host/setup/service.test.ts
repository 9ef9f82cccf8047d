/** After a setup, a service runs without root: memory, files on the mount and SysV segments on huge pages. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { withCompiled } from '../../../support/compiler.js';
import { withOwnEtc } from '../../../support/own-etc.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { counters } from '../../../support/pool.js';
import { NOBODY, requires } from '../../../support/requirements.js';

const EACCES = 13;
const EPERM = 1;
const SERVICE = NOBODY;
const STRANGER = { uid: 65533, gid: 65533 };
const LIBRARY_CHILD = fileURLToPath(new URL('children/service.mjs', import.meta.url));

requires({ pool: { pageSize: H, pages: 8 }, ordinaryUser: true, compiler: true }).describe('after hugepages setup', () => {
  const own = withOwnEtc();

  function runAs(user: typeof STRANGER, ...command: string[]): unknown {
    const ids = [`--setuid=${String(user.uid)}`, `--setgid=${String(user.gid)}`];
    const [nsenter = '', mount = '', ...rest] = own.enter(...command);
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
    return JSON.parse(execFileSync(nsenter, [mount, ...ids, ...rest], { encoding: 'utf8', env }));
  }

  it('a service of an ordinary user needs no root, and another user has nothing of what is its own', async () => {
    const path = `${own.directory}/mnt/huge`;
    const mount = `${path},pagesize=${String(H)},uid=${String(SERVICE.uid)},gid=${String(SERVICE.gid)},mode=0700`;
    const plan = ['--pool', `${String(H)}=8`, '--mount', mount, '--shm-group', String(SERVICE.gid)];
    expect(await own.setup(...plan)).toMatchObject({ code: 0, stderr: '' });
    const full = counters(H);

    expect(runAs(SERVICE, process.execPath, LIBRARY_CHILD, String(H))).toEqual({
      ids: [SERVICE.uid, SERVICE.gid],
      capabilities: { ipcLock: false, sysAdmin: false, sysResource: false },
      possible: true,
      reasons: [],
      presentBytes: 2 * H,
      mayMakeHugetlbShm: true,
      mount: path,
    });
    await withCompiled(new URL('children/service.c', import.meta.url), [], (program) => {
      expect(runAs(SERVICE, program, `${path}/file`, String(2 * H))).toEqual({ file: 0, segment: 0 });
      expect(runAs(STRANGER, program, `${path}/file`, String(2 * H))).toEqual({ file: EACCES, segment: EPERM });
      return Promise.resolve();
    });
    expect(counters(H)).toEqual(full);
    expect((await own.setup('--undo')).code).toBe(0);
  });
});
