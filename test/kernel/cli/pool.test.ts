import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { allocateSync } from '../../../lib/index.js';
import { CLI, runCli, startCli } from '../../support/cli.js';
import { HUGE_PAGE as H } from '../../support/page-sizes.js';
import { allCounters, counters, delta, withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';

const need = { pageSize: H, pages: 4 };
const SIZE = String(H);

requires({ pool: { pageSize: H, pages: 516 } }).describe('hugepages pool', () => {
  withPool(need);

  it('lists the pools', async () => {
    const { stdout, code } = await runCli(['pool', '--json']);
    expect(code).toBe(0);
    const { pools } = JSON.parse(stdout) as { pools: { pageSize: number; total: number }[] };
    expect(pools.find(({ pageSize }) => pageSize === H)).toMatchObject({ total: 4, free: 4, mempolicy: 4 });
  });

  it('sets, grows and says so', async () => {
    expect(await runCli(['pool', 'set', SIZE, '6', '--rollback'])).toMatchObject({ code: 0, stdout: 'The pool of 2MiB pages: 4 → 6\n' });
    expect(await runCli(['pool', 'grow', SIZE, '8'])).toMatchObject({ code: 0 });
    const { stdout } = await runCli(['pool', 'set', SIZE, '--nodes', '0=4', '--overcommit', '0', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ before: 8, requested: 4, granted: 4, overcommit: { granted: 0 } });
  });

  it('says how many pages a shrunk pool keeps as long as they are in use', async () => {
    using region = allocateSync({ size: 2 * H, backing: ['hugetlb'] });
    expect(region.backing.kind).toBe('hugetlb');
    const { code, stdout } = await runCli(['pool', 'set', SIZE, '0', '--allow-surplus']);
    expect({ code, lines: stdout.split('\n') }).toEqual({
      code: 0,
      lines: ['The pool of 2MiB pages: 4 → 0', '  in use, and leaving it when freed: 2 surplus', ''],
    });
    region.dispose();
    expect(await runCli(['pool', 'set', SIZE, '4'])).toMatchObject({ code: 0 });
  });

  it('says in a dry run what to paste', async () => {
    const before = allCounters();
    const { stdout } = await runCli(['pool', 'grow', SIZE, '9', '--dry-run']);
    expect(stdout).toBe(`echo 9 > /sys/kernel/mm/hugepages/hugepages-${String(H / 1024)}kB/nr_hugepages\n`);
    expect(delta(before)).toEqual({});
  });

  it('is refused to an ordinary user, who is told how, and who may look', () => {
    const asNobody = (...args: string[]): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [CLI, 'pool', ...args], { ...NOBODY, encoding: 'utf8' });
    const refused = asNobody('set', SIZE, '5');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/echo 5 \| sudo tee \/sys\/kernel\/mm\/hugepages\//);
    // The kernel goes by the policy of whoever writes.
    const command = /echo 5 \| sudo (numactl --interleave=0 tee \S+\/nr_hugepages_mempolicy)\n/;
    const [, tee = ''] = command.exec(String(asNobody('set', SIZE, '5', '--policy', 'interleave:0').stderr)) ?? [];
    expect(asNobody('set', SIZE, '5', '--policy', 'interleave:0', '--dry-run')).toMatchObject({ status: 0, stdout: `echo 5 | ${tee}\n` });
    expect(asNobody('set', SIZE, '5', '--dry-run')).toMatchObject({ status: 0 });
    expect(asNobody()).toMatchObject({ status: 0 });
  });

  it('says of a read-only /sys that it is one', async () => {
    const readOnly = 'mount -o bind,ro /sys/kernel/mm/hugepages /sys/kernel/mm/hugepages && exec "$@"';
    const command = ['unshare', '--mount', 'sh', '-c', readOnly, 'sh', process.execPath, CLI];
    const { code, stderr } = await startCli(['pool', 'set', SIZE, '5'], { command }).result;
    expect(code).toBe(1);
    expect(stderr).toContain('EROFS');
    expect(stderr).toContain('read-only here, as in a container');
  });

  it('is as it was, or as it shall be, when it is interrupted at any moment', async () => {
    for (let interruptions = 0; interruptions < 6; interruptions++) {
      const run = startCli(['pool', 'set', SIZE, '516', '--overcommit', '1']);
      await delay(60 + Math.random() * 60);
      run.child.kill('SIGINT');
      const { code, stderr } = await run.result;
      const { total } = counters(H);
      if (code === 130) expect(stderr).toContain('interrupted by SIGINT: the pool is as it was');
      // The signal itself ends it before it begins, and when it is done.
      expect(code === null ? [4, 516] : [code === 0 ? 516 : 4]).toContain(total);
      expect(readdirSync('/run')).not.toContain('hugepages');
      await runCli(['pool', 'set', SIZE, '4', '--overcommit', '0']);
    }
  });

  it.each([
    [['shrink', SIZE, '1'], "unknown action 'shrink'"],
    [['set'], 'takes a page size'],
    [['set', SIZE], 'takes a number of pages'],
    [['set', SIZE, '-1'], 'option'],
    [['set', SIZE, '1e3'], 'PAGES'],
    [['set', 'huge', '1'], 'SIZE'],
    [['set', SIZE, '1', '--nodes', '0=1'], 'leave PAGES out'],
    [['set', SIZE, '--nodes', '0:1'], '--nodes'],
    [['set', SIZE, '--nodes', '0=1,0=2'], 'twice'],
    [['set', SIZE, '1', '--policy', 'spread:0'], '--policy'],
    [['set', SIZE, '1', '--node', '0', '--policy', 'bind:0'], 'do not go together'],
    [['set', SIZE, '1', '--node', '1023'], 'node must be a NUMA node of this machine: 0'],
    [['grow', SIZE, '1', '--node', '1023'], 'node must be a NUMA node of this machine: 0'],
    [['demote', '1GiB', '1', '--node', '1023'], 'node must be a NUMA node of this machine: 0'],
    [['grow', SIZE, '1', '--retries', '99'], '--retries'],
    [['demote', SIZE, '0'], 'PAGES'],
    [['list', '--colour'], '--colour'],
  ])('%j is a wrong command line', async (args, text) => {
    const { code, stderr } = await runCli(['pool', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });
});

requires({ pool: need }).describe('hugepages restore', () => {
  withPool(need);

  it('gives back the loan of a demo that was killed', async () => {
    const before = counters(H);
    const run = startCli(['demo', '--size', '128MiB']);
    await run.until('What the kernel says');
    const dry = JSON.parse((await runCli(['restore', '--json'])).stdout) as unknown;
    expect(dry).toMatchObject({ entries: [{ purpose: 'hugepages demo', pid: run.child.pid, owner: 'running', undone: [] }] });
    run.child.kill('SIGKILL');
    await run.result;
    expect(counters(H).total).toBe(64);
    expect((await runCli(['restore', '--dry-run'])).stdout).toContain('60 pages of 2MiB added');
    expect(counters(H).total).toBe(64);
    const restored = await runCli(['restore']);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stdout).toContain('undone: 60 pages');
    expect(counters(H)).toEqual(before);
    expect((await runCli(['restore'])).stdout).toBe('Nothing was left to put back\n');
    expect(readdirSync('/run')).not.toContain('hugepages');
  });

  it('leaves alone what others changed after the program was killed', async () => {
    const run = startCli(['demo', '--size', '128MiB']);
    await run.until('What the kernel says');
    run.child.kill('SIGKILL');
    await run.result;
    // Who sets the pool now wants it so.
    await runCli(['pool', 'set', SIZE, '10']);
    await runCli(['restore']);
    expect(counters(H).total).toBe(10);
    await runCli(['pool', 'set', SIZE, '4']);
    expect(readFileSync('/proc/sys/vm/nr_hugepages', 'utf8')).toBe('4\n');
  });
});
