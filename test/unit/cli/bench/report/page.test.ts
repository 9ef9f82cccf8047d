/** What a page of charts has in it; browser.test.ts looks at one. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { BenchFigure, BenchResult } from '../../../../../lib/bench/types.js';
import { renderPage } from '../../../../../lib/cli/bench/report/page.js';
import { loadVega } from '../../../../../lib/cli/bench/report/vega.js';
import { ADVISE_RESULT, FORK_RESULT, PREFAULT_RESULT, RICH_TLB_RESULT } from '../../../../support/bench-results.js';

const RESULTS = [RICH_TLB_RESULT, PREFAULT_RESULT, FORK_RESULT, ADVISE_RESULT];

function embedded(page: string): unknown {
  const [, json = ''] = /<script type="application\/json" id="results">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json);
}

async function render(...results: BenchResult[]): Promise<string> {
  return renderPage(results, await loadVega());
}

describe('a report', () => {
  let page = '';
  beforeAll(async () => {
    page = await render(...RESULTS);
  });

  it('has the raw data', () => {
    expect(embedded(page)).toEqual(RESULTS);
  });

  it('says in words what was found', () => {
    expect(page).toContain('THP 2MiB: splintered into entries of 4KiB, at 75.0 % of the places.</strong> what was seen.');
    expect(page).toContain('<td>1.43 (1.40 to 1.47)</td>');
    expect(page).toContain('<td>1.45 (1.40 to 1.50)</td><td>5.0 %</td><td>30.0 ns</td><td>faster</td>');
    expect(page).toContain('<h3>In short</h3><p>');
    expect(page).toContain('<p>Of dependent accesses, THP 2MiB saves');
    expect(page).toContain('Noise floor 1.2 %');
    expect(page).toContain('<li>hugetlb 2MiB: not measured, the pool has 0 pages to give, and 32 are wanted</li>');
    expect(page).toContain('<dd>A processor, 2 CPUs, x64, virtual: a hypervisor is below</dd>');
  });

  it('draws every chart for wide and for narrow windows, with a title, a description and a table', () => {
    // chase, populate, fault, fork, dependent
    expect(page.match(/<figure>/g)).toHaveLength(5);
    expect(page.match(/<details><summary>/g)).toHaveLength(5);
    for (const width of ['wide', 'narrow']) {
      const attributes = `class="${width}" role="img" aria-labelledby="\\S+" aria-describedby="\\S+"><title id="\\S+">.+?</title><desc`;
      expect(page.match(new RegExp(`<svg [^>]*${attributes}`, 'g'))).toHaveLength(5);
    }
    const ids = page.match(/(?<= id=")[^"]+/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id = ''] of page.matchAll(/aria-(?:labelledby|describedby)="([^"]+)"/g)) expect(ids).toContain(id);
    expect(page).toContain('4KiB: 1.46 ns at 16, 165 ns at 16384.');
  });

  it('marks the knees, those of one place once', () => {
    const texts = page.match(/(?<=>)(?:TLB )?level [^<]*(?=<\/text>)/g);
    expect(texts).toEqual([
      ...['level 1: 65', 'level 2: 1024', 'level 2: 4096'],
      ...['TLB level 1: 64 to 66 pages', 'TLB level 2: 1024 pages (4KiB)', 'TLB level 2: 4096 pages (THP 2MiB, hugetlb 2MiB)'],
    ]);
    expect(page).toContain('<td>second</td><td>1024</td><td>4MiB</td><td>15.0 ns</td>');
  });

  it('has the figures in tables', () => {
    const cells = ['3.00 GiB/s (2.00 GiB/s to 4.00 GiB/s)', '4.00 GiB/s (4.00 GiB/s to 4.00 GiB/s)'];
    expect(page).toContain(`<th scope="row">2</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}`);
    expect(page).toContain('fork: time by bytes; with 0B 100 µs');
    expect(page).toContain('populate: throughput by threads');
  });

  it('shows a machine once, and another one too', async () => {
    expect(page.match(/<dl>/g)).toHaveLength(1);
    const other = { ...FORK_RESULT, machine: { ...FORK_RESULT.machine, kernel: '7.0' } };
    expect((await render(FORK_RESULT, other)).match(/<dl>/g)).toHaveLength(2);
  });

  it('needs nothing from elsewhere, and runs no script', () => {
    const addresses = page.match(/\b(?:https?:)?\/\/[^"'\s<]+/g) ?? [];
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']));
    expect(page.match(/(?:src|href)="[^"]*"/g)).toEqual(['href="data:,"']);
    expect(page.match(/<script\b/g)).toHaveLength(1);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  });
});

it('keeps what others have named for text', async () => {
  const HOSTILE = '</script></style></title><script>alert(1)</script><img src=x onerror="alert(2)"> & <!-- ]]>';
  const { machine, pageSizes, figures } = RICH_TLB_RESULT;
  const result = {
    ...RICH_TLB_RESULT,
    benchmark: HOSTILE,
    date: HOSTILE,
    settings: { [HOSTILE]: HOSTILE },
    machine: { ...machine, cpu: HOSTILE, kernel: HOSTILE, node: HOSTILE, thp: { enabled: HOSTILE, defrag: HOSTILE } },
    notes: [HOSTILE],
    pageSizes: pageSizes.map((verdict) => ({ ...verdict, evidence: HOSTILE })),
    figures: figures.map((one) => ({ ...one, name: HOSTILE, unit: HOSTILE, parameter: { name: HOSTILE, value: one.parameter.value } })),
  } as unknown as BenchResult;
  const page = await render(result);
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<img');
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  expect(page.match(/<\/style>/g)).toHaveLength(1);
  expect(embedded(page)).toEqual([result]);
});

it.each(['constructor', '__proto__', 'toString', ''])('a name may be any: %j', async (name) => {
  const all = [...FORK_RESULT.figures, ...ADVISE_RESULT.figures];
  const figures = all.map(({ backing, parameter: { value }, ...one }, index) => {
    return { ...one, name, unit: name, parameter: { name, value }, ...(index > 0 && backing !== undefined && { backing }) } as BenchFigure;
  });
  const dots = ADVISE_RESULT.figures.map((one) => ({ ...one, name, unit: name }) as BenchFigure);
  const page = await render({ ...FORK_RESULT, figures }, { ...FORK_RESULT, figures: dots });
  expect(page.match(/<svg /g)).toHaveLength(4);
});

it('leaves out what could not be measured', async () => {
  const figures = FORK_RESULT.figures.map((one) => ({ ...one, median: NaN, low: NaN, high: NaN }));
  const page = await render({ ...FORK_RESULT, figures }, { ...FORK_RESULT, figures: [] }, { ...RICH_TLB_RESULT, figures: [] });
  expect(page).not.toContain('<svg');
  expect(page).not.toContain('NaN');
});

it('draws figures of any size', async () => {
  const extremes = [Number.MIN_VALUE, 1e-300, 1, Number.MAX_VALUE];
  const [one] = FORK_RESULT.figures;
  const figures = extremes.flatMap((x) =>
    extremes.map((y) => ({ ...one, parameter: { name: 'bytes', value: x }, median: y, low: y, high: y }) as BenchFigure),
  );
  expect(await render({ ...FORK_RESULT, figures })).toContain('class="narrow"');
});
