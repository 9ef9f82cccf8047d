/** The example whose region is the memory of a guest: what the guest does not need goes back to the pool, and is reserved again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChild } from '../support/child.js';
import { guardMachine } from '../support/guarded-machine.mjs';
import { HUGE_PAGE as H } from '../support/page-sizes.js';
import { withPool } from '../support/pool.js';
import { requires } from '../support/requirements.js';
import { initramfs } from './harness/initramfs.js';
import { kernel } from './harness/kernel.js';
import { obstacle } from './harness/obstacle.js';
import { environment, firmware } from './harness/tools.js';

const EXAMPLE = new URL('../../examples/guest-memory/', import.meta.url);
const POOL = { pageSize: H, pages: (256 * 2 ** 20) / H };
const reason = obstacle({ nodes: [256] });

/** `the guest has booted: 90 MiB have pages; pool 128/83/0/0` */
function parse(line: string): { free: number; reserved: number; pages: number } {
  const [, mib, free, reserved] = /: (\S+) MiB have pages; pool \d+\/(\d+)\/(\d+)\/0$/.exec(line) ?? [];
  return { pages: (Number(mib) * 2 ** 20) / H, free: Number(free), reserved: Number(reserved) };
}

async function run(): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'hugepages-guest-'));
  try {
    const linux = kernel('6.12');
    const initrd = initramfs(linux, directory, fileURLToPath(new URL('init.sh', EXAMPLE)));
    const env = { ...environment(), QEMU_ARGS: firmware().join(' ') };
    const { result } = startChild(new URL('main.mjs', EXAMPLE), [join(linux, 'vmlinux'), initrd], { env, timeout: 200_000 });
    const { stdout, ...ended } = await result;
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    return stdout.trim().split('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const block = requires({ pool: POOL });

if (reason !== undefined) it.skip(`examples/guest-memory [skipped: ${reason}]`);
else {
  block.describe('examples/guest-memory', () => {
    // Unlike the other tests here it takes pages of this machine.
    let release: () => Promise<boolean>;
    beforeAll(async () => {
      release = await guardMachine();
    }, 600_000);
    afterAll(async () => {
      expect(await release()).toBe(true);
    });
    withPool(POOL);

    it('gives back what the guest does not need, and takes it again', async () => {
      const [whole, booted, filled, dropped, reserved, gone] = (await run()).filter((line) => line.includes('; pool ')).map(parse);
      expect(whole).toEqual({ pages: 128, free: 0, reserved: 0 });
      expect(booted?.free).toBeGreaterThan(40);
      expect(filled?.pages).toBeGreaterThan((booted?.pages ?? 0) + 40);
      expect(dropped?.free).toBeGreaterThan((filled?.free ?? 0) + 40);
      // All that is free is the guest's, and nobody else gets it.
      expect(reserved).toEqual({ ...dropped, reserved: dropped?.free });
      expect(gone).toEqual({ pages: 0, free: 128, reserved: dropped?.free });
    }, 240_000);
  });
}
