import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startCli } from '../../support/cli.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { counters, withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';

const MiB = 2 ** 20;
const SIZE = 128 * MiB;
const FILE = `/sys/kernel/mm/hugepages/hugepages-${String(HUGE_PAGE / 1024)}kB/nr_hugepages`;
const need = { pageSize: HUGE_PAGE, pages: 3 };

// withPool checks after each test that all counters are what they were.
requires({ pool: need }).describe('hugepages demo, interrupted', () => {
  withPool(need);

  it.each([
    ['SIGINT', 130, 'Room in the pool'],
    ['SIGINT', 130, 'Allocation of'],
    ['SIGINT', 130, '% of'],
    ['SIGINT', 130, 'What the kernel says'],
    ['SIGINT', 130, 'A file,'],
    ['SIGINT', 130, 'Beside an ordinary Buffer'],
    ['SIGTERM', 143, 'Beside an ordinary Buffer'],
    ['SIGHUP', 129, 'Beside an ordinary Buffer'],
  ] as const)('by %s (exit code %d) after "%s" puts everything back', async (signal, code, text) => {
    const run = startCli(['demo', '--size', String(SIZE)]);
    await run.until(text);
    run.child.kill(signal);
    const ended = await run.result;
    expect(ended).toMatchObject({ code, signal: null, stderr: '' });
    expect(ended.stdout).toContain(`Interrupted by ${signal}`);
    expect(ended.stdout).toContain('the pool is as it was');
  });

  it('puts everything back when standard output is closed', async () => {
    const run = startCli(['demo', '--size', String(SIZE)]);
    await run.until('What the kernel says');
    run.child.stdout.destroy();
    expect(await run.result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('leaves alone what others add to the pool meanwhile', async () => {
    const run = startCli(['demo', '--size', String(SIZE)]);
    await run.until('Beside an ordinary Buffer');
    const during = counters(HUGE_PAGE);
    expect(during).toMatchObject({ total: SIZE / HUGE_PAGE, free: 0 });
    writeFileSync(FILE, String(during.total + 2));
    try {
      run.child.kill('SIGINT');
      expect((await run.result).stdout).toContain('another process');
      expect(counters(HUGE_PAGE)).toEqual({ total: 5, free: 5, reserved: 0, surplus: 0 });
    } finally {
      writeFileSync(FILE, String(need.pages));
    }
    expect(readFileSync(FILE, 'utf8')).toBe('3\n');
  });
});
