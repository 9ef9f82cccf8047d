import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderPs } from '../../../lib/cli/ps/render.js';
import { readReport } from '../../../lib/cli/ps/report.js';
import type { PsReport } from '../../../lib/cli/ps/report.js';
import { MiB } from '../../../lib/units.js';
import { runCli } from '../../support/cli.js';

const ROOT = fileURLToPath(new URL('../../fixtures/processes', import.meta.url));
const GONE = 'Not there, or ended meanwhile: 1 (13 brief)';

async function text(given: { byNode?: boolean; byCgroup?: boolean; width?: number } = {}): Promise<string[]> {
  const report = await readReport({ root: ROOT, sort: 'total' }, given.byCgroup === true ? 'total' : undefined);
  return renderPs(report, given.byNode ?? false, given.width);
}

describe('renderPs', () => {
  it('has a column for all that any process has', async () => {
    expect(await text()).toEqual([
      '  pid  user      2MiB private  2MiB shared  1GiB private  anon THP  shmem THP  file THP    total  command',
      '    7  postgres         10MiB         2MiB          1GiB      2MiB          -         -  1038MiB  postgres: writer -D /data dir',
      '    9  ann                  -            -             -    200MiB       2MiB      4MiB   206MiB  java -Xmx1g',
      '    8  ann               4MiB            -             -         -          -         -     4MiB  ./mover',
      '   14  root                 -            -             -      4MiB          -         -     4MiB  old',
      GONE,
    ]);
  });

  it('--node: by node, where the kernel says it', async () => {
    const [titles, first, , third] = await text({ byNode: true });
    expect(titles).toContain('  2MiB node 0  2MiB node 1  1GiB node 1  ');
    expect(first).toMatch(/7 {2}postgres +4MiB +8MiB +1GiB +2MiB/);
    expect(third).toMatch(/8 {2}ann +\? +\? +- .* 4MiB/);
  });

  it('--cgroup: sums and containers', async () => {
    const lines = await text({ byCgroup: true });
    expect(lines[0]).toMatch(/^ {2}processes .* total {2}container +cgroup$/);
    expect(lines[1]).toMatch(/^ +1 +10MiB .* 1038MiB {2}docker 0123456789ab {2}\/system\.slice\/docker-\w+\.scope$/);
    expect(lines).toHaveLength(6);
  });

  it('gives columns up in a narrow terminal, and says which', async () => {
    expect(await text({ width: 40 })).toEqual([
      '  pid  file THP    total  command',
      '    7         -  1038MiB  postgres: writ',
      '    9      4MiB   206MiB  java -Xmx1g',
      '    8         -     4MiB  ./mover',
      '   14         -     4MiB  old',
      'Too narrow for: user, 2MiB private, 2MiB shared, 1GiB private, anon THP, shmem THP',
      GONE,
    ]);
    expect((await text({ width: 40, byCgroup: true }))[0]).toBe('  processes    total  cgroup');
  });

  const numbers = (lines: readonly string[]): string[] =>
    lines.flatMap((line) => line.split(/ {2,}/).filter((cell) => /^\d+(?:[KMG]?i?B)?$/.test(cell)));

  it.each([1, 20, 30, 40, 60, 80, 100, 120, 1000])('%i columns hold whole numbers alone, those of the full table', async (width) => {
    for (const how of [{}, { byNode: true }, { byCgroup: true }]) {
      const [all, fitted] = [numbers(await text(how)), await text({ ...how, width })];
      expect(all).toEqual(expect.arrayContaining(numbers(fitted)));
      const rows = fitted.filter((line) => line.startsWith('  '));
      if (width >= 30) expect(Math.max(...rows.map((line) => line.length))).toBeLessThanOrEqual(width);
      for (const total of ['1038MiB', '206MiB', '4MiB']) expect(numbers(rows)).toContain(total);
    }
  });

  it('shows what is known of those that may not be looked into, and names the others', () => {
    const pid = (entry: object, index: number): PsReport['unreadable'][number] => ({ state: 'unreadable', pid: index + 1, ...entry });
    const nobody: PsReport = { processes: [], unreadable: [], vanished: [] };
    expect(renderPs(nobody, false)).toEqual(['No process that can be looked into has huge pages']);
    const unreadable = [{ name: 'a\nb', uid: 0, hugetlbBytes: 4 * MiB }, {}].map(pid);
    expect(renderPs({ ...nobody, unreadable }, false)).toEqual([
      '  pid  user   total  command',
      '    1  0     >=4MiB  [a\\012b]',
      'May not be looked into: 2 (1 a\\012b, 2)',
    ]);
    const many = Array(20).fill({ name: 'x' }).map(pid);
    expect(renderPs({ ...nobody, unreadable: many }, false).at(-1)).toMatch(/^May not be looked into: 20 \(1 x, .*, 12 x and 8 more\)$/);
  });
});

describe('hugepages ps', () => {
  it('--json is what processes() says, in one object', async () => {
    const { code, stdout } = await runCli(['ps', '--json', '--root', ROOT, '--user', '1000', '--min-size', '5M']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ processes: [{ pid: 9, total: 206 * MiB }], unreadable: [], vanished: [{ pid: 13 }] });
  });

  it.each([
    ['total', ['docker', 'b.service', 'a.service', 'old']],
    ['hugetlb', ['docker', 'a.service', 'b.service', 'old']],
    ['thp', ['b.service', 'old', 'docker', 'a.service']],
    ['name', ['old', 'docker', 'a.service', 'b.service']],
  ])('--cgroup --sort %s', async (sort, expected) => {
    const { stdout } = await runCli(['ps', '--json', '--root', ROOT, '--cgroup', '--sort', sort]);
    const { groups } = JSON.parse(stdout) as { groups: { cgroup: string }[] };
    expect(groups.map(({ cgroup }) => /\w+(?:\.service)?(?=$|-)/.exec(cgroup)?.[0])).toEqual(expected);
  });

  it('fails when a named process is not there', async () => {
    const { code, stdout } = await runCli(['ps', '7', '4711', '--root', ROOT]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('Not there, or ended meanwhile: 1 (4711)') as string });
  });

  it('--watch writes one table after another outside a terminal, or one object in a line', async () => {
    const often = ['ps', '--root', ROOT, '--watch', '--interval', '10', '--count', '3'];
    const { code, stdout } = await runCli(often);
    expect(code).toBe(0);
    expect(stdout.match(/^hugepages ps {2}\d\d:\d\d:\d\d$/gm)).toHaveLength(3);
    expect(stdout).not.toContain('\u001b');
    const json = await runCli([...often, '--json', '--cgroup']);
    for (const line of json.stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ groups: { length: 4 } });
  });

  it.each([
    [['0'], 'PID must be an integer >= 1'],
    [['x'], "PID must be a whole number, not 'x'"],
    [['--sort', 'size'], '--sort is one of pid, total, '],
    [['--sort', 'pid', '--cgroup'], "--sort with --cgroup is one of total, hugetlb, thp, name, not 'pid'"],
    [['--user', 'nobody-at-all'], '--user must be a user of /etc/passwd'],
    [['--page-size', 'x'], '--page-size must be a size'],
    [['--under', 'system.slice'], "--under must be a path such as /system.slice, not 'system.slice'"],
    [['--interval', '100'], '--interval is of --watch'],
    [['--count', '2'], '--count is of --watch'],
    [['--interval', '1', '--watch'], '--interval must be an integer >= 10'],
    [['--wach'], "Unknown option '--wach': did you mean --watch?"],
  ])('%j is a wrong command line', async (args, message) => {
    const { code, stderr } = await runCli(['ps', ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
  });
});
