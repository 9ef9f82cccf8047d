/** pagemap(): the pages of any process, as runs of equal pages. */
import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allocateSync, pagemap } from '../../../lib/index.js';
import type { PageMap, PageMapRun, Region } from '../../../lib/index.js';
import { native } from '../../../lib/native.js';
import { PagemapEngine } from '../../../lib/native/pages.js';
import { pagemapBy } from '../../../lib/inspect/pagemap/pagemap.js';
import { basePages } from '../../support/page-frames.js';
import { BASE_PAGE, HUGE_PAGE as H } from '../../support/page-sizes.js';
import { withPool } from '../../support/pool.js';
import { NOBODY, requires } from '../../support/requirements.js';
import { withThp } from '../../support/thp.js';
import { stop, withHolders } from '../../support/holders.js';
import { withArrangement } from './arrangement.js';

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

interface Range {
  start: bigint;
  end: bigint;
}

function rangeOf({ address, byteLength }: Region): Range {
  return { start: address, end: address + BigInt(byteLength) };
}

/** Offset in base pages, their number, bytes per page, and whether they are present, whatever their frames. */
function scene({ runs }: PageMap, { start }: Range): [number, number, number, boolean][] {
  const merged: [number, number, number, boolean][] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    const pages = run.length / BASE_PAGE;
    const first = Number(run.start - start) / BASE_PAGE;
    if (last !== undefined && last[0] + last[1] === first && last[2] === run.pageSize && last[3] === run.present) last[1] += pages;
    else merged.push([first, pages, run.pageSize, run.present]);
  }
  return merged;
}

/** Of each base page of a run; 0 where they are not shown. */
function framesOf({ pfn, length }: PageMapRun): bigint[] {
  return Array.from({ length: length / BASE_PAGE }, (_, i) => (pfn === undefined ? 0n : pfn + BigInt(i)));
}

/** By every engine that this kernel has, which have to agree. Without a scan, transparent huge pages look like base pages. */
async function map(range: Range, transparent = false): Promise<PageMap> {
  const found = await pagemap(process.pid, range);
  const read = await pagemapBy(PagemapEngine.read, process.pid, range, {});
  if (!transparent) expect(read.runs).toEqual(found.runs);
  expect(read.presentBytes).toBe(found.presentBytes);
  if (native.features().pagemapScan) expect(await pagemapBy(PagemapEngine.scan, process.pid, range, {})).toEqual(found);
  checkRuns(found.runs);
  return found;
}

function checkRuns(runs: readonly PageMapRun[]): void {
  for (const [i, { start, end, length }] of runs.entries()) {
    expect(end - start).toBe(BigInt(length));
    expect(start).toBeGreaterThanOrEqual(runs[i - 1]?.end ?? 0n);
  }
}

describe('the page map of this process', () => {
  it('has a run for each kind of page, and none where nothing is mapped', async () => {
    using region = allocateSync({ size: 16 * BASE_PAGE, backing: ['base'], prefault: false, guard: true });
    const range = rangeOf(region);
    for (const page of [0, 5, 6, 15]) region.bytes()[page * BASE_PAGE] = 1;
    region.protect('none', 8 * BASE_PAGE, 4 * BASE_PAGE);
    const found = await map(range);
    expect(scene(found, range)).toEqual([
      [0, 1, BASE_PAGE, true],
      [1, 4, BASE_PAGE, false],
      [5, 2, BASE_PAGE, true],
      [7, 8, BASE_PAGE, false],
      [15, 1, BASE_PAGE, true],
    ]);
    expect(found).toMatchObject({ pid: process.pid, presentBytes: 4 * BASE_PAGE, absentBytes: 12 * BASE_PAGE });
    expect(found.runs.every(({ present, exclusive, file }) => exclusive === present && !file)).toBe(true);
    region.dispose();
    // Of a region that is gone, zeroed memory may lie there still.
    expect((await pagemap(process.pid, range)).presentBytes).toBe(0);
    expect((await pagemap(process.pid, { start: 0n, end: BigInt(BASE_PAGE) })).runs).toEqual([]);
    expect((await pagemap(process.pid, { start: range.start, end: range.start })).runs).toEqual([]);
  });

  it('has as many runs as there are, also where those are described in several parts', async () => {
    const pages = 40_000;
    using region = allocateSync({ size: pages * BASE_PAGE, backing: ['base'], prefault: false });
    for (let page = 0; page < pages; page += 2) region.bytes()[page * BASE_PAGE] = 1;
    const { runs } = await pagemap(process.pid, rangeOf(region));
    checkRuns(runs);
    expect(runs.map(({ length, present }) => (present ? length : -length))).toEqual(runs.map((_, i) => (i % 2 ? -BASE_PAGE : BASE_PAGE)));
    expect(runs).toHaveLength(pages);
  });

  it('is that of all mappings, each page in one run', async () => {
    const { runs, presentBytes } = await pagemap(process.pid, undefined, { frames: false });
    checkRuns(runs);
    expect(runs.length).toBeGreaterThan(10);
    expect(presentBytes).toBeGreaterThan(2 ** 24);
    expect(runs.every(({ pfn }) => pfn === undefined)).toBe(true);
  });

  it('tells where pages are, as far as the kernel shows that', async () => {
    using region = allocateSync({ size: 4 * H, backing: ['base'] });
    const range = rangeOf(region);
    const { runs, frames } = await map(range);
    const expected = basePages(region.address, region.byteLength).map(({ frame }) => frame);
    expect(frames).toBe(expected[0] !== 0n);
    expect(runs.flatMap(framesOf)).toEqual(expected);
    expect(await pagemap(process.pid, range, { frames: false })).toMatchObject({ frames: false, runs: [{ length: 4 * H }] });
  });

  requires({ numa: true }).it('tells the node of what is present', async () => {
    using region = allocateSync({ size: 2 * H, backing: ['base'], prefault: false });
    region.bytes()[0] = 1;
    const [present, absent] = (await map(rangeOf(region))).runs;
    expect(present?.node).toBeGreaterThanOrEqual(0);
    expect(absent?.node).toBeUndefined();
  });

  requires({ root: true, thp: true }).describe('on transparent huge pages', () => {
    withThp({ enabled: 'madvise' });

    it('tells those apart that were split', async () => {
      using region = allocateSync({ size: 4 * H, backing: ['thp'] });
      region.discard(H, BASE_PAGE);
      const huge = (await pagemap(process.pid)).transparent ? H : BASE_PAGE;
      const range = rangeOf(region);
      expect(scene(await map(range, true), range)).toEqual(
        huge === BASE_PAGE
          ? [[0, 512, H, true]]
          : [
              [0, 512, H, true],
              [512, 1, BASE_PAGE, false],
              [513, 511, BASE_PAGE, true],
              [1024, 1024, H, true],
            ],
      );
    });
  });

  const POOL = { pageSize: H, pages: 4 };
  requires({ pool: POOL }).describe('on hugetlb pages', () => {
    withPool(POOL);

    it('is in huge pages, also where the range cuts one', async () => {
      using region = allocateSync({ size: 4 * H, backing: ['hugetlb'], prefault: false });
      region.bytes()[H] = 1;
      const range = rangeOf(region);
      expect(scene(await map(range), range)).toEqual([
        [0, 512, H, false],
        [512, 512, H, true],
        [1024, 1024, H, false],
      ]);
      const part = { start: range.start + BigInt(H - BASE_PAGE), end: range.start + BigInt(H + BASE_PAGE) };
      expect(scene(await map(part), part)).toEqual([
        [0, 1, H, false],
        [1, 1, H, true],
      ]);
    });

    it('tells shared memory from private, and what two mappings share', async () => {
      using region = allocateSync({ size: 2 * H, backing: ['hugetlb'], source: 'memfd' });
      const { runs } = await map(rangeOf(region));
      expect(runs.every(({ file, present, pageSize }) => file && present && pageSize === H)).toBe(true);
    });
  });
});

describe('the page map of another process', () => {
  const holders = withHolders();
  const IDLE = "console.log('ready'); setInterval(() => undefined, 60_000)";

  it('is read as our own, until it ends', async () => {
    const child = await holders.start([process.execPath, '-e', IDLE]);
    const pid = child.pid ?? 0;
    const found = await pagemap(pid);
    checkRuns(found.runs);
    expect(found.presentBytes).toBeGreaterThan(2 ** 24);
    const scan = await pagemapBy(PagemapEngine.read, pid, undefined, { frames: false });
    expect(scan.runs.length).toBeGreaterThan(10);
    child.kill('SIGKILL');
    await expect.poll(() => pagemap(pid).then(String, codeOf)).toBe('ERR_HUGEPAGES_NO_PROCESS');
  });

  it('ends with an error, never with half a map, when the process ends', async () => {
    for (let round = 0; round < 20; round++) {
      const child = spawn('sleep', ['60']);
      const asked = pagemap(child.pid ?? 0).then(({ presentBytes }) => presentBytes > 0, codeOf);
      child.kill('SIGKILL');
      // A zombie has no memory any more.
      expect([true, false, 'ERR_HUGEPAGES_NO_PROCESS']).toContain(await asked);
    }
  });

  it('is of one program, where the process becomes another again and again', async () => {
    const again = 'exec sh -c "$0" "$0"';
    const child = spawn('sh', ['-c', again, again], { stdio: 'ignore' });
    try {
      for (let round = 0; round < 100; round++) {
        const asked = pagemap(child.pid ?? 0, undefined, { frames: false });
        // Each has its stack, which alone is neither absent nor of a file and lies behind the libraries.
        const own = await asked.then(({ runs }) => runs.some(({ present, file }) => present && !file), codeOf);
        expect([true, 'ERR_HUGEPAGES_BUSY']).toContain(own);
      }
    } finally {
      await stop(child);
    }
  });

  const POOL = { pageSize: H, pages: 2 };
  requires({ pool: POOL, compiler: true }).describe('whose first thread has ended', () => {
    withPool(POOL);

    it('is that of the others', async () => {
      await withArrangement(async (arrange) => {
        const [pid = 0] = await arrange([`private,${String(Math.log2(H))},2,1 leave`]);
        const huge = (await pagemap(pid)).runs.filter(({ pageSize, present }) => pageSize === H && present);
        expect(huge.map(({ length }) => length)).toEqual([H]);
      });
    });
  });

  requires({ root: true }).it('is empty for a kernel thread', async () => {
    expect(await pagemap(2)).toMatchObject({ runs: [], presentBytes: 0, absentBytes: 0 });
  });

  requires({ ordinaryUser: true }).it('is refused for a process of another user', () => {
    const script = `import('hugepages').then(({ pagemap }) => pagemap(${String(process.pid)})).catch(({ code }) => console.log(code))`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { ...NOBODY, encoding: 'utf8' });
    expect(stdout.trim()).toBe('ERR_HUGEPAGES_PERMISSION');
  });

  it('does not exist where the process does not', async () => {
    await expect(pagemap(2 ** 22)).rejects.toMatchObject({ code: 'ERR_HUGEPAGES_NO_PROCESS' });
  });

  it('can be given up', async () => {
    await expect(pagemap(process.pid, undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORT_ERR' });
    const controller = new AbortController();
    const asked = pagemap(process.pid, undefined, { signal: controller.signal });
    controller.abort();
    await expect(asked.catch((error: unknown) => error)).resolves.toSatisfy(
      (outcome) => codeOf(outcome) === 'ABORT_ERR' || (outcome as PageMap).runs.length > 0,
    );
  });
});
