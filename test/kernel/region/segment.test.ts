/** Acceptance case 13: a segment of several processes, which goes with its last attachment. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import { withCompiled } from '../../support/compiler.js';
import { stop, withHolders } from '../../support/holders.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, delta, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { segments } from '../../support/segments.js';

const POOL = { pageSize: H, pages: 2 };
const KEY = 0x68756765;

requires({ pool: POOL, compiler: true, program: 'ipcrm' }).describe('a segment', () => {
  withPool(POOL);
  const readers = withHolders();

  it('is the same memory in another process, only readable there, and goes with its last attachment', () =>
    withCompiled(new URL('shm-reader.c', import.meta.url), [], async (program) => {
      const before = allCounters();
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'], source: 'sysv', key: KEY, persistent: true });
      const reader = await readers.start([program, String(KEY)]);
      for (const value of [7, 8]) {
        region.bytes().fill(value);
        const answer = once(reader.stdout ?? reader, 'data');
        reader.stdin?.write('\n');
        expect(Number((await answer)[0])).toBe(value);
      }
      const id = segments().find(({ key }) => key === KEY)?.id;
      expect(spawnSync('ipcrm', ['-m', String(id)]).status).toBe(0);
      region.dispose();
      expect(delta(before)).toEqual({ [H]: { free: -2 } });
      expect(segments().find((segment) => segment.id === id)).toMatchObject({ key: 0, attached: 1, marked: true });
      await stop(reader);
      expect(segments().find((segment) => segment.id === id)).toBeUndefined();
      expect(delta(before)).toEqual({});
    }));
});
