import { expect, it } from 'vitest';
import type { Tick } from '../../../lib/cli/watch/sample.js';
import { allocateSync } from '../../../lib/index.js';
import { runCli, startCli } from '../../support/cli.js';
import { HUGE_PAGE } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { requires } from '../../support/requirements.js';
import { startInTerminal } from '../../support/terminal.js';

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';

const need = { pageSize: HUGE_PAGE, pages: 6 };
requires({ pool: need }).describe('hugepages watch', () => {
  withPool(need);

  it('--json says what a region takes and gives back, to the page', async () => {
    const run = startCli(['watch', '--json', '--interval', '20', '--page-size', String(HUGE_PAGE)]);
    await run.until('\n');
    const region = allocateSync({ size: 4 * HUGE_PAGE, backing: ['hugetlb'] });
    await run.until('"used":4');
    region.dispose();
    await run.until('"used":-4');
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await run.result;
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });

    const ticks = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Tick);
    expect(ticks[0]?.pools[0]).toMatchObject({ pageSize: HUGE_PAGE, pages: { total: 6, used: 0, free: 6, reserved: 0, surplus: 0 } });
    expect(ticks.every(({ pools }) => pools.every(({ pageSize }) => pageSize === HUGE_PAGE))).toBe(true);
    // A tick may be read in the middle of the change: the sum is exact.
    const sum = (sign: number): number => ticks.reduce((all, { pools }) => all + Math.max(0, sign * (pools[0]?.change.used ?? NaN)), 0);
    expect([sum(1), sum(-1)]).toEqual([4, 4]);
  });

  it('writes a line for each tick outside a terminal, without colours and cursor movements', async () => {
    const { code, stdout, stderr } = await runCli(['watch', '--interval', '10', '--count', '3', '--page-size', String(HUGE_PAGE)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/[\u001b\r]/);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d {2}\S+ \(default\): total 6, used 0, free 6, reserved 0, surplus 0/);
  });

  it('ends quietly when nobody reads', async () => {
    const { child, result } = startCli(['watch', '--interval', '10']);
    child.stdout.destroy();
    expect(await result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

requires({ program: 'script' }).describe('hugepages watch in a terminal', () => {
  const fast = ['watch', '--interval', '20'];

  it('redraws in place, and gives the terminal back with the last frame', async () => {
    const run = startInTerminal([...fast, '--count', '3']);
    expect(await run.ended).toBe(0);
    const [before, during = '', after = ''] = run.output().split(/(?:\u001b\[\?\d+[hl]){3}/);
    expect(run.output()).toContain(ENTER);
    expect(run.output()).toContain(LEAVE);
    expect(before).not.toContain('\u001b');
    expect(during.match(/\u001b\[H/g)).toHaveLength(3);
    expect(after).toContain('Used pages over time');
    expect(after).not.toMatch(/\u001b\[[HKJ]/);
  });

  it.each([
    ['^C', 130, { type: '\u0003' }],
    ['^\\', 131, { type: '\u001c' }],
    ['SIGTERM', 143, { signal: 'SIGTERM' }],
    ['SIGHUP', 129, { signal: 'SIGHUP' }],
  ] as const)('gives it back after %s (exit code %d)', async (_, code, end: { type?: string; signal?: NodeJS.Signals }) => {
    const run = startInTerminal(fast);
    await run.until('Events per second');
    if (end.type !== undefined) run.type(end.type);
    if (end.signal !== undefined) run.kill(end.signal);
    expect(await run.ended).toBe(code);
    expect(run.output().split(ENTER)).toHaveLength(2);
    expect(run.output().split(LEAVE)).toHaveLength(2);
  });

  it('fits into a terminal that becomes smaller', async () => {
    const run = startInTerminal(fast);
    await run.until('Events per second');
    run.resize(4, 40);
    // A frame of four lines: what follows the pool's titles is no heading.
    await run.until('\u001b[J\u001b[H');
    await run.until('\u001b[J\u001b[H');
    const start = run.output().length;
    await run.until('\u001b[J\u001b[H');
    await run.until('\u001b[J\u001b[H');
    const frame = run.output().slice(start);
    expect(frame).toContain('pool (pages)');
    expect(frame).not.toContain('Used pages');
    run.type('\u0003');
    expect(await run.ended).toBe(130);
  });

  it('prints lines on a terminal that can do nothing else', async () => {
    const run = startInTerminal([...fast, '--count', '2'], { TERM: 'dumb' });
    expect(await run.ended).toBe(0);
    expect(run.output()).not.toContain('\u001b');
  });
});

it.each([
  [['--interval', '9'], '--interval must be an integer >= 10'],
  [['--interval', 'soon'], '--interval must be a whole number'],
  [['--count', '0'], '--count must be an integer >= 1'],
  [['--count', '1e3'], '--count must be a whole number'],
  [['--page-size', 'much'], '--page-size must be a size'],
])('hugepages watch %j is refused', async (args, message) => {
  const { code, stdout, stderr } = await runCli(['watch', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

it('hugepages watch names the page sizes of the machine for one that it lacks', async () => {
  const { code, stdout, stderr } = await runCli(['watch', '--page-size', '3MiB']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('Use one of the page sizes that this machine has');
});

it('hugepages watch reads a recorded tree', async () => {
  const { stdout } = await runCli(['watch', '--count', '1', '--json', '--root', 'test/fixtures/two-nodes']);
  expect((JSON.parse(stdout) as Tick).pools.map(({ node, pages }) => [node, pages.used])).toEqual([
    [undefined, 180],
    [0, 100],
    [1, 80],
    [undefined, 1],
    [0, 1],
    [1, 0],
  ]);
});
