/** Several processes at one directory, and processes that are killed at any moment of a mount. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ensureMount, unmountSync } from '../../../../lib/index.js';
import { stop, withHolders } from '../../../support/holders.js';
import { mountCount, withMountDirectory } from '../../../support/mounts.js';
import { HUGE_PAGE as H } from '../../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../../support/pool.js';
import { requires } from '../../../support/requirements.js';

const POOL = { pageSize: H, pages: 4 };
const MOUNTER = fileURLToPath(new URL('children/mounter.mjs', import.meta.url));

requires({ pool: POOL }).describe('mount, against others and killed', () => {
  withPool(POOL);
  const directory = withMountDirectory();
  const mounters = withHolders();

  it('eight processes that ensure the same mount at once make one', async () => {
    const path = directory.path('a/m');
    const command = [process.execPath, MOUNTER, 'ensure', path, JSON.stringify({ minSize: H })];
    const children = await Promise.all(Array.from({ length: 8 }, () => mounters.start(command)));
    const answers = children.map(async (child) => {
      if (child.stdout === null || child.stdin === null) throw new Error('both are pipes');
      const answer = once(child.stdout, 'data');
      child.stdin.write('go\n');
      return String((await answer)[0]).trim();
    });
    expect((await Promise.all(answers)).sort()).toEqual([...Array<string>(7).fill('false'), 'true']);
    expect(mountCount(path)).toBe(1);
  });

  it('kill -9 at any moment leaves what ensureMount() makes right and unmount() takes away', async () => {
    const before = allCounters();
    for (let round = 0; round < 20; round++) {
      const path = directory.path(`k${String(round)}/m`);
      const child = await mounters.start([process.execPath, MOUNTER, 'loop', path, JSON.stringify({ minSize: 2 * H, size: 3 * H })]);
      await delay(round % 7);
      await stop(child);
      expect(mountCount(path)).toBeLessThanOrEqual(1);
      ensureMount({ path, minSize: 2 * H, size: 3 * H });
      expect(mountCount(path)).toBe(1);
      expect(delta(before)).toEqual({ [H]: { reserved: 2 } });
      unmountSync(path);
      expect(delta(before)).toEqual({});
    }
  });
});
